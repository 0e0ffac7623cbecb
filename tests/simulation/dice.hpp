// All that a simulation leaves to chance, from one seed: the schedule's dice, and the randomness
// that the two halves draw from.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "mtproto/time.hpp"
#include "tl/random.hpp"

namespace simulation {

// splitmix64
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    auto z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : generator_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : generator_.next() % limit; }
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most - least + 1)));
  }
  mtproto::Duration between(mtproto::Duration least, mtproto::Duration most) {
    return mtproto::Duration(between(least.count(), most.count()));
  }
  bool chance(double rate) {
    return rate > 0 && static_cast<double>(generator_.next() >> 11) * 0x1p-53 < rate;
  }

 private:
  Generator generator_;
};

class SeededRandom final : public tl::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : generator_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    while (!out.empty()) {
      const auto word = generator_.next();
      const auto size = std::min(out.size(), sizeof word);
      std::memcpy(out.data(), &word, size);
      out = out.subspan(size);
    }
  }

 private:
  Generator generator_;
};

}  // namespace simulation
