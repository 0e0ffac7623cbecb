// What is counted of upstream connections: one thread writes, any may read.
#pragma once

#include <atomic>
#include <cstdint>

namespace server::upstream {

class Count {
 public:
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t n = 1) { add(~n + 1); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

struct Traffic {
  Count bytes_in, bytes_out;
  Count key_exchanges;
  Count connections, reconnects;  // that came so far that requests travel
  Count failures;
  Count open;  // connections that are up now
};

}  // namespace server::upstream
