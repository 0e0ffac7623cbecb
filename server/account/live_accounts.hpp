// Which auth keys have an account in this process right now, and on which thread it lives. One key
// has one session in its home data centre: of more than one Telegram makes AUTH_KEY_DUPLICATED, and
// the key is dead. Safe from any thread. core.telegram.org/api/datacenter#parallel-sessions
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "mtproto/ids.hpp"

namespace server::account {

class Account;

class LiveAccounts {
 public:
  // `account` may be used on that thread only.
  struct Holder {
    std::size_t thread = 0;  // its number in the process
    Account* account = nullptr;
  };

  // While somebody has it, the account of that key is nowhere but in its thread, and may be made
  // there.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept
        : all_(std::exchange(other.all_, nullptr)), key_(other.key_), thread_(other.thread_) {}
    Lease& operator=(Lease&& other) noexcept {
      std::swap(all_, other.all_);
      std::swap(key_, other.key_);
      std::swap(thread_, other.thread_);
      return *this;
    }
    ~Lease() {
      if (all_ != nullptr) all_->give_back(key_);
    }

    explicit operator bool() const { return all_ != nullptr; }
    std::size_t thread() const { return thread_; }

   private:
    friend LiveAccounts;
    Lease(LiveAccounts& all, mtproto::AuthKeyId key, std::size_t thread)
        : all_(&all), key_(key), thread_(thread) {}

    LiveAccounts* all_ = nullptr;
    mtproto::AuthKeyId key_;
    std::size_t thread_ = 0;
  };

  // Of the thread that has the key; of `thread`, where none has it.
  Lease lease(mtproto::AuthKeyId key, std::size_t thread) {
    std::lock_guard lock(mutex_);
    auto& entry = entries_.try_emplace(key.value(), Entry{{thread, nullptr}}).first->second;
    ++entry.leases;
    return {*this, key, entry.holder.thread};
  }

  // False: another account has the key, or another thread.
  bool claim(mtproto::AuthKeyId key, Holder mine) {
    std::lock_guard lock(mutex_);
    auto& entry = entries_.try_emplace(key.value(), Entry{{mine.thread, nullptr}}).first->second;
    if (entry.holder.account != nullptr || entry.holder.thread != mine.thread) return false;
    entry.holder = mine;
    return true;
  }
  // Without an account: the thread is known, the account is to come.
  std::optional<Holder> find(mtproto::AuthKeyId key) const {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key.value());
    return found == entries_.end() ? std::nullopt : std::optional(found->second.holder);
  }
  // By whoever claimed it.
  void release(mtproto::AuthKeyId key) {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key.value());
    if (found == entries_.end()) return;
    found->second.holder.account = nullptr;
    drop_unused(found);
  }

 private:
  struct Entry {
    Holder holder;
    std::size_t leases = 0;
  };
  using Entries = std::unordered_map<std::uint64_t, Entry>;

  void give_back(mtproto::AuthKeyId key) {
    std::lock_guard lock(mutex_);
    const auto found = entries_.find(key.value());
    --found->second.leases;
    drop_unused(found);
  }
  void drop_unused(Entries::iterator entry) {
    const auto& [holder, leases] = entry->second;
    if (holder.account == nullptr && leases == 0) entries_.erase(entry);
  }

  mutable std::mutex mutex_;
  Entries entries_;
};

}  // namespace server::account
