// The sessions that want updates: those of a signed-in key that have made an API call.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "server/sandbox/world/caller.hpp"
#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

class Sessions {
 public:
  using Address = mtproto::SessionAddress;

  static constexpr int most_missed = 100;

  struct Listener {
    Address address;
    mtproto::AuthKeyId owner;
    std::int32_t layer = 0;
    int missed = 0;          // pushes that found it on no connection
    mtproto::Time called{};  // when last

    // Too many to be kept for it: it will be told to ask for the difference.
    bool lost_touch() const { return missed > most_missed; }
  };

  // A call was made; from now on (or still) it is told what happens to `user`.
  void listen(const Caller& caller, UserId user, std::int32_t layer, mtproto::Time now) {
    const auto& address = caller.session;
    if (const auto known = owners_.find(address); known != owners_.end()) {
      if (known->second == user) {
        auto& known_one = *find(address);
        known_one.layer = layer;
        known_one.called = now;
        return;
      }
      forget(address);
    }
    auto& list = by_user_[user];
    const auto same_key = [&](const Listener& one) { return one.owner == caller.owner; };
    const auto count = std::count_if(list.begin(), list.end(), same_key);
    if (count >= static_cast<std::ptrdiff_t>(limits::sessions_per_key)) {
      forget(std::find_if(list.begin(), list.end(), same_key)->address);
    }
    owners_[address] = user;
    by_user_[user].push_back({address, caller.owner, layer, 0, now});
  }

  void forget(const Address& address) {
    const auto owner = owners_.find(address);
    if (owner == owners_.end()) return;
    auto& list = by_user_[owner->second];
    std::erase_if(list, [&](const Listener& one) { return one.address == address; });
    if (list.empty()) by_user_.erase(owner->second);
    owners_.erase(owner);
  }

  // All sessions that speak for a key (it was signed out or is gone), or by it.
  void forget(mtproto::AuthKeyId key) {
    std::vector<Address> gone;
    for (const auto& [address, user] : owners_) {
      if (address.key == key || find(address)->owner == key) gone.push_back(address);
    }
    for (const auto& address : gone) forget(address);
  }

  // A client goes on in another session, and is told there what it would have been told here.
  void move(const Address& from, const Address& to) {
    const auto owner = owners_.find(from);
    if (owner == owners_.end()) return;
    const auto listener = *find(from);
    const auto user = owner->second;
    forget(from);
    listen({to, listener.owner}, user, listener.layer, listener.called);
  }

  std::span<const Listener> of(UserId user) const {
    const auto found = by_user_.find(user);
    return found == by_user_.end() ? std::span<const Listener>{} : found->second;
  }

  Listener* find(const Address& address) {
    const auto owner = owners_.find(address);
    if (owner == owners_.end()) return nullptr;
    for (auto& one : by_user_[owner->second]) {
      if (one.address == address) return &one;
    }
    return nullptr;
  }
  bool knows(const Address& address) const { return owners_.contains(address); }

 private:
  std::map<Address, UserId> owners_;
  std::unordered_map<UserId, std::vector<Listener>> by_user_;
};

}  // namespace server::sandbox
