// In which sessions each auth key speaks at home. An authorization may have `tmp_sessions` of them at
// a time, which the sandbox does not grant: one. Of more Telegram makes AUTH_KEY_DUPLICATED. One that
// takes over from another that says nothing more is none too many.
// core.telegram.org/api/datacenter#parallel-sessions
#pragma once

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <vector>

#include "mtproto/host/host.hpp"

namespace server::sandbox {

class HomeSessions {
 public:
  using Address = mtproto::SessionAddress;

  // `is_connected`: whether a connection has that session.
  explicit HomeSessions(std::function<bool(const Address&)> is_connected)
      : is_connected_(std::move(is_connected)) {}

  // `owner` made a call in that session. False: it speaks in another one at the same time.
  bool spoke(mtproto::AuthKeyId owner, const Address& session) {
    auto& all = by_key_[owner];
    if (!all.empty() && all.back() == session) return true;
    std::erase_if(all, [&](const Address& one) { return one != session && !is_connected_(one); });
    if (!all.empty() && all.back() == session) return true;
    if (std::ranges::find(all, session) != all.end()) return false;
    if (all.size() == most_kept) all.erase(all.begin());
    all.push_back(session);
    return true;
  }
  void forget(mtproto::AuthKeyId owner) { by_key_.erase(owner); }

 private:
  static constexpr std::size_t most_kept = 16;

  const std::function<bool(const Address&)> is_connected_;
  std::unordered_map<mtproto::AuthKeyId, std::vector<Address>> by_key_;  // the last speaker last
};

}  // namespace server::sandbox
