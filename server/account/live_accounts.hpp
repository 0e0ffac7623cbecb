// Which auth keys have an account in this process right now, and on which thread it lives. One key
// has one session in its home data centre: of more than one Telegram makes AUTH_KEY_DUPLICATED, and
// the key is dead. Safe from any thread. core.telegram.org/api/datacenter#parallel-sessions
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

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

  // None: the key is `mine` from now on. Else whose it is.
  std::optional<Holder> claim(mtproto::AuthKeyId key, Holder mine) {
    std::lock_guard lock(mutex_);
    const auto [found, made] = holders_.try_emplace(key.value(), mine);
    return made ? std::nullopt : std::optional(found->second);
  }
  std::optional<Holder> find(mtproto::AuthKeyId key) const {
    std::lock_guard lock(mutex_);
    const auto found = holders_.find(key.value());
    return found == holders_.end() ? std::nullopt : std::optional(found->second);
  }
  void release(mtproto::AuthKeyId key) {
    std::lock_guard lock(mutex_);
    holders_.erase(key.value());
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Holder> holders_;
};

}  // namespace server::account
