#include "tl/utf8.hpp"

#include <cstdint>

#include "tl/text_block.hpp"
#include "tl/utf8_check.hpp"

namespace tl {

std::size_t utf8_sequence(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  if (text.empty()) return 0;
  const auto first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return tail(1) ? 2 : 0;
  if (first < 0xF0) {
    if (!tail(1) || !tail(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;   // longer than it need be
    if (first == 0xED && byte(1) >= 0xA0) return 0;  // a surrogate
    return 3;
  }
  if (first > 0xF4 || !tail(1) || !tail(2) || !tail(3)) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) >= 0x90) return 0;  // above U+10FFFF
  return 4;
}

std::size_t utf8_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const auto size = utf8_sequence(text.substr(length));
    if (size == 0) break;
    length += size;
  }
  return length;
}

bool is_utf8(std::string_view text) {
  Utf8Check check;
  const auto* at = text.data();
  auto left = text.size();
  for (; left >= TextBlock::size; left -= TextBlock::size) {
    check.block(TextBlock(at));
    at += TextBlock::size;
  }
  if (left != 0) check.block(TextBlock(at, left));
  return check.good();
}

}  // namespace tl
