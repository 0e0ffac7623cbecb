// Hexadecimal text ⇄ bytes, as the vectors are written.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tl/bytes.hpp"

namespace support {

inline tl::Bytes unhex(std::string_view text) {
  auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    throw std::invalid_argument("no hexadecimal digit");
  };
  tl::Bytes out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
  }
  return out;
}

inline std::string hex(tl::ByteView bytes) {
  std::string out;
  for (auto byte : bytes) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", byte);
    out += pair;
  }
  return out;
}

}  // namespace support
