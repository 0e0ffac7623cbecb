// What strangers bring about must not fill the log: some lines at once, then one every while, and
// how many were held back. Safe from any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "mtproto/time.hpp"

namespace server::access {

class LogPace {
 public:
  static constexpr int at_once = 10;
  static constexpr mtproto::Duration every = std::chrono::seconds(6);

  // None: say nothing now. Else what the line ends with.
  std::optional<std::string> pass(mtproto::Time now) {
    const std::lock_guard lock(mutex_);
    const auto paid = std::max(paid_, now) + every;
    if (paid > now + at_once * every) {
      ++held_back_;
      return std::nullopt;
    }
    paid_ = paid;
    if (held_back_ == 0) return "";
    return " (and " + std::to_string(std::exchange(held_back_, 0)) + " more before it)";
  }

 private:
  std::mutex mutex_;
  mtproto::Time paid_{};  // lines are paid for up to then
  std::uint64_t held_back_ = 0;
};

}  // namespace server::access
