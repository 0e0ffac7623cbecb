// Which MTProto sessions are being driven by this process right now. Two connections must not drive
// the same one: message ids and sequence numbers would collide.
#pragma once

#include <compare>
#include <mutex>
#include <set>

#include "mtproto/ids.hpp"

namespace server {

class LiveSessions {
 public:
  struct Name {
    mtproto::AuthKeyId key;
    mtproto::SessionId session;
    auto operator<=>(const Name&) const = default;
  };

  // False where somebody has it.
  bool claim(const Name& name) {
    std::lock_guard lock(mutex_);
    return names_.insert(name).second;
  }
  void release(const Name& name) {
    std::lock_guard lock(mutex_);
    names_.erase(name);
  }

 private:
  std::mutex mutex_;
  std::set<Name> names_;
};

}  // namespace server
