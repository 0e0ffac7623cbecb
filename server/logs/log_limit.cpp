#include "server/logs/log_limit.hpp"

#include <algorithm>
#include <utility>

namespace server::logs {

std::optional<std::uint64_t> LogLimit::admit(mtproto::Time now) {
  const auto full_at = std::max(full_at_.value_or(now), now) + every;
  if (full_at - now > at_once * every) {
    ++left_out_;
    return {};
  }
  full_at_ = full_at;
  return std::exchange(left_out_, 0);
}

std::optional<std::string> LogLimit::turn(mtproto::Time now) {
  const auto left_out = admit(now);
  if (!left_out) return {};
  return behind(*left_out);
}

std::string LogLimit::behind(std::uint64_t left_out) {
  return left_out == 0 ? "" : " (" + std::to_string(left_out) + " more such since the last)";
}

}  // namespace server::logs
