// What stands for a number that a request leaves out and that is to be a random one: none is zero,
// which Telegram takes for none. server/API.md, "What may be left out".
#pragma once

#include <cstdint>

#include "tl/random.hpp"

namespace tl {

inline std::int64_t drawn_number(Random& random) {
  const auto word = static_cast<std::int64_t>(random.word());
  return word != 0 ? word : 1;
}

}  // namespace tl
