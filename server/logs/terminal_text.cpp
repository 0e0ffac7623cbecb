#include "server/logs/terminal_text.hpp"

#include <algorithm>
#include <cstdint>

#include "tl/utf8.hpp"

namespace server::logs {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::uint8_t byte_of(char c) { return static_cast<std::uint8_t>(c); }

// The code point of a well-formed sequence of two or three bytes; longer ones hold none of these.
char32_t code_point(std::string_view sequence) {
  if (sequence.size() == 1) return byte_of(sequence[0]);
  if (sequence.size() == 2)
    return (byte_of(sequence[0]) & 0x1fU) << 6 | (byte_of(sequence[1]) & 0x3fU);
  if (sequence.size() > 3) return 0x10000;
  return (byte_of(sequence[0]) & 0x0fU) << 12 | (byte_of(sequence[1]) & 0x3fU) << 6 |
         (byte_of(sequence[2]) & 0x3fU);
}

// Unicode's Cc, what ends a line or a paragraph, and all that has the property Bidi_Control.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void append_escape(char32_t c, std::string& out) {
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else {
    out += "\\u";
    for (const int shift : {12, 8, 4, 0}) out += digits[c >> shift & 15];
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(
        std::ranges::find_if(text, [](char c) { return byte_of(c) < 0x20 || byte_of(c) >= 0x7f; }) -
        text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto size = tl::utf8_sequence(text);
    if (size == 0) {
      out += "\\x";
      out += digits[byte_of(text[0]) >> 4];
      out += digits[byte_of(text[0]) & 15];
      text.remove_prefix(1);
      continue;
    }
    const auto sequence = text.substr(0, size);
    const auto c = code_point(sequence);
    if (is_control(c)) {
      append_escape(c, out);
    } else {
      out += sequence;
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string escaped_lines(std::string_view text) {
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    out += escaped(text.substr(0, end));
    if (end == text.npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace server::logs
