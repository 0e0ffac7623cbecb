// Time as the protocol sees it. There is no clock below server/: the time comes in with each call.
//   Time      since the machine started (counts while it sleeps too); for deadlines
//   UnixTime  seconds of the wall clock; only what authenticated messages confirm is believed
#pragma once

#include <chrono>
#include <cstdint>

namespace mtproto {

struct BootClock {
  using rep = std::int64_t;
  using period = std::micro;
  using duration = std::chrono::microseconds;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
};

using Time = BootClock::time_point;
using Duration = std::chrono::microseconds;

// Microseconds since 1970-01-01, UTC.
using UnixTime = std::chrono::sys_time<std::chrono::microseconds>;

// The data centre's wall clock, as far as we know it: a point where both clocks were seen.
class ServerClock {
 public:
  ServerClock() = default;
  // `wall` may be this machine's own guess; correct() then mends it.
  ServerClock(Time now, UnixTime wall) : at_(now), wall_(wall) {}

  UnixTime at(Time now) const { return wall_ + (now - at_); }
  void correct(Time now, UnixTime wall) {
    at_ = now;
    wall_ = wall;
    trusted_ = true;
  }
  // Whether an authenticated message has set it.
  bool trusted() const { return trusted_; }

 private:
  Time at_{};
  UnixTime wall_{};
  bool trusted_ = false;
};

}  // namespace mtproto
