// The system's generator, by a block drawn ahead (a draw of 16 bytes costs a copy). One object is
// one thread's.
#pragma once

#include <array>

#include "tl/random.hpp"

namespace mtproto {

class SystemRandom final : public tl::Random {
 public:
  SystemRandom() = default;
  ~SystemRandom() override;
  SystemRandom(const SystemRandom&) = delete;  // a copy would draw the same
  SystemRandom& operator=(const SystemRandom&) = delete;

  void fill(std::span<std::uint8_t> out) override;

 private:
  std::array<std::uint8_t, 4096> block_{};
  std::size_t used_ = 4096;
};

}  // namespace mtproto
