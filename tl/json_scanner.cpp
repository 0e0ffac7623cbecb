#include "tl/json_scanner.hpp"

#include <array>

namespace tl {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The value of a hexadecimal digit, or 16.
std::uint32_t hex_digit(char c) {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return 16;
}

constexpr bool is_lead(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_trail(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

std::uint8_t* put_utf8(std::uint32_t point, std::uint8_t* to) {
  const auto put = [&](std::uint32_t byte) { *to++ = static_cast<std::uint8_t>(byte); };
  const auto tail = [&](int shift) { put(0x80 | (point >> shift & 0x3F)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    put(0xF0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return to;
}

// What has more digits may be none to tl/json_reader.hpp, which shall say so.
constexpr std::ptrdiff_t most_of_exponent = 9;

}  // namespace

const char* JsonScanner::number(const char* at, std::string_view& text) const {
  const auto* const from = at;
  const auto some_digits = [&] {
    const auto* const first = at;
    while (is_digit(peek(at))) ++at;
    return at != first;
  };
  if (peek(at) == '-') ++at;
  if (peek(at) == '0') {
    ++at;
  } else if (!some_digits()) {
    return nullptr;
  }
  if (peek(at) == '.') {
    ++at;
    if (!some_digits()) return nullptr;
  }
  if (peek(at) == 'e' || peek(at) == 'E') {
    ++at;
    if (peek(at) == '-' || peek(at) == '+') ++at;
    const auto* const first = at;
    if (!some_digits() || at - first > most_of_exponent) return nullptr;
  }
  text = {from, static_cast<std::size_t>(at - from)};
  return at;
}

const char* JsonScanner::string(const char* at) const {
  at = take('"', at);
  while (at != nullptr) {
    at = skip_plain(at);
    if (peek(at) == '"') return at + 1;
    if (peek(at) != '\\') return nullptr;
    std::array<std::uint8_t, 4> unused;
    auto* to = unused.data();
    at = escape(at + 1, to);
  }
  return nullptr;
}

const char* JsonScanner::value(const char* at, int depth) const {
  std::string_view text;
  switch (peek(at)) {
    case '"':
      return string(at);
    case 't':
      return take("true", at);
    case 'f':
      return take("false", at);
    case 'n':
      return take("null", at);
    case '{':
    case '[':
      break;
    default:
      return number(at, text);
  }
  if (depth == 0) return nullptr;
  const bool object = *at == '{';
  const char close = object ? '}' : ']';
  at = skip_blank(at + 1);
  if (peek(at) == close) return at + 1;
  while (true) {
    if (object) {
      at = string(at);
      if (at != nullptr) at = take(':', skip_blank(at));
      if (at == nullptr) return nullptr;
      at = skip_blank(at);
    }
    at = value(at, depth - 1);
    if (at == nullptr) return nullptr;
    at = skip_blank(at);
    if (peek(at) == close) return at + 1;
    at = take(',', at);
    if (at == nullptr) return nullptr;
    at = skip_blank(at);
  }
}

const char* JsonScanner::unicode(const char* at, std::uint32_t& unit) const {
  if (left(at) < 4) return nullptr;
  unit = 0;
  for (int i = 0; i < 4; ++i) {
    const auto digit = hex_digit(at[i]);
    if (digit == 16) return nullptr;
    unit = unit << 4 | digit;
  }
  return at + 4;
}

const char* JsonScanner::escape(const char* at, std::uint8_t*& to) const {
  const auto plain = [&](char c) {
    *to++ = static_cast<std::uint8_t>(c);
    return at + 1;
  };
  switch (peek(at)) {
    case '"':
    case '\\':
    case '/':
      return plain(*at);
    case 'n':
      return plain('\n');
    case 'r':
      return plain('\r');
    case 't':
      return plain('\t');
    case 'b':
      return plain('\b');
    case 'f':
      return plain('\f');
    case 'u':
      break;
    default:
      return nullptr;
  }
  std::uint32_t point = 0;
  at = unicode(at + 1, point);
  if (at == nullptr || is_trail(point)) return nullptr;
  if (is_lead(point)) {
    std::uint32_t trail = 0;
    at = take("\\u", at);
    if (at != nullptr) at = unicode(at, trail);
    if (at == nullptr || !is_trail(trail)) return nullptr;
    point = 0x10000 + ((point - 0xD800) << 10) + (trail - 0xDC00);
  }
  to = put_utf8(point, to);
  return at;
}

}  // namespace tl
