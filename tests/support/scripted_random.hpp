// Randomness for tests: the bytes of a script, then those of a seeded generator (never the
// system's).
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

#include "tl/bytes.hpp"
#include "tl/random.hpp"

namespace support {

class ScriptedRandom final : public tl::Random {
 public:
  explicit ScriptedRandom(std::uint64_t seed = 1) : generator_(seed) {}
  explicit ScriptedRandom(tl::Bytes script, std::uint64_t seed = 1)
      : script_(std::move(script)), generator_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) {
      byte = used_ < script_.size() ? script_[used_++] : static_cast<std::uint8_t>(generator_());
    }
  }

 private:
  tl::Bytes script_;
  std::size_t used_ = 0;
  std::mt19937_64 generator_;
};

}  // namespace support
