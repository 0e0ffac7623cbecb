// Bytes as hexadecimal digits, two each, in lower case.
#pragma once

#include <string>
#include <string_view>

#include "tl/bytes.hpp"

namespace tl {

inline std::string to_hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace tl
