// Where randomness comes from. Everything that draws takes a Random&, so that a test can
// script it and a whole session can be replayed from a seed; the real one is
// mtproto/crypto/system_random.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace tl {

class Random {
 public:
  virtual ~Random() = default;

  // Fills all of `out` with bytes fit for keys.
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t word() {
    std::array<std::uint8_t, 8> bytes{};
    fill(bytes);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
};

}  // namespace tl
