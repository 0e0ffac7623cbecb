// Randomness for tests that knows draws by their size: the next bytes that were put there for draws
// of so many bytes, or a seeded generator's. Survives it when code draws in another order.
#pragma once

#include <deque>
#include <map>

#include "tests/support/scripted_random.hpp"

namespace support {

class SizedRandom final : public tl::Random {
 public:
  explicit SizedRandom(std::uint64_t seed = 1) : rest_(seed) {}

  SizedRandom& put(tl::Bytes bytes) {
    scripts_[bytes.size()].push_back(std::move(bytes));
    return *this;
  }

  void fill(std::span<std::uint8_t> out) override {
    auto& script = scripts_[out.size()];
    if (script.empty()) return rest_.fill(out);
    std::copy(script.front().begin(), script.front().end(), out.begin());
    script.pop_front();
  }

 private:
  std::map<std::size_t, std::deque<tl::Bytes>> scripts_;
  ScriptedRandom rest_;
};

// The first `size` bytes of the seeded generator.
inline tl::Bytes drawn(std::uint64_t seed, std::size_t size) {
  tl::Bytes out(size);
  ScriptedRandom(seed).fill(out);
  return out;
}

}  // namespace support
