// When to try again what failed: soon at first, then less and less often.
#pragma once

#include <algorithm>
#include <chrono>

namespace server::store {

class Backoff {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::milliseconds;

  static constexpr Duration shortest{100};
  static constexpr Duration longest{10'000};

  bool may_try(Time now) const { return now >= next_; }
  Time next() const { return next_; }

  void failed(Time now) {
    next_ = now + wait_;
    wait_ = std::min(wait_ * 2, longest);
  }
  void succeeded() { *this = Backoff(); }

 private:
  Duration wait_ = shortest;
  Time next_ = Time::min();
};

}  // namespace server::store
