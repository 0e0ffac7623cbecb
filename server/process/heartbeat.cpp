#include "server/process/heartbeat.hpp"

#include <algorithm>

namespace server {

bool Heartbeat::begin(mtproto::Time now) {
  if (missing()) return false;
  answered_.assign(answered_.size(), false);
  begun_ = now;
  return true;
}

bool Heartbeat::answered(std::size_t loop) {
  if (answered_[loop]) return false;
  answered_[loop] = true;
  return !missing();
}

std::optional<std::size_t> Heartbeat::missing() const {
  const auto found = std::ranges::find(answered_, false);
  if (found == answered_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - answered_.begin());
}

mtproto::Duration Heartbeat::waited(mtproto::Time now) const {
  return missing() ? now - begun_ : mtproto::Duration{0};
}

}  // namespace server
