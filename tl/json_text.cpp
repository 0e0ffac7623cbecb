#include "tl/json_text.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "tl/base64.hpp"
#include "tl/value.hpp"

namespace tl {
namespace {

constexpr std::uint64_t each(std::uint8_t byte) { return 0x0101010101010101U * byte; }

// Whether any of eight bytes is a control, a quote, a backslash or not ASCII.
bool needs_care(std::uint64_t eight) {
  const auto high = each(0x80);
  const auto quote = eight ^ each('"');
  const auto slash = eight ^ each('\\');
  return ((eight | (eight - each(0x20)) | (quote - each(1)) | (slash - each(1))) & high) != 0;
}

bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

// A well-formed sequence of two, the commonest.
bool two_bytes(const char* at) {
  const auto first = static_cast<unsigned char>(at[0]);
  return first >= 0xC2 && first < 0xE0 && (static_cast<unsigned char>(at[1]) & 0xC0) == 0x80;
}

// At most six bytes.
char* put_escape(unsigned char c, char* to) {
  constexpr char digits[] = "0123456789abcdef";
  constexpr std::string_view short_ones = "\"\"\\\\\nn\rr\tt\bb\ff";
  *to++ = '\\';
  for (std::size_t i = 0; i < short_ones.size(); i += 2) {
    if (static_cast<unsigned char>(short_ones[i]) != c) continue;
    *to++ = short_ones[i + 1];
    return to;
  }
  const char rest[] = {'u', '0', '0', digits[c >> 4], digits[c & 15]};
  std::memcpy(to, rest, sizeof rest);
  return to + sizeof rest;
}

// False at the first byte that is no UTF-8, unless `replace`.
// Room is always kept for what is left unescaped and for one escape, the closing quote included.
bool put_quoted(std::string_view text, bool replace, TextBuffer& out) {
  constexpr std::size_t slack = 16;
  const auto mark = out.size();
  const auto* at = text.data();
  const auto* const end = at + text.size();
  auto* to = out.reserve(text.size() + slack);
  *to++ = '"';
  while (at != end) {
    while (end - at >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, at, 8);
      if (needs_care(eight)) break;
      std::memcpy(to, &eight, 8);
      at += 8;
      to += 8;
    }
    while (at != end && is_plain(static_cast<unsigned char>(*at))) *to++ = *at++;
    while (at != end && static_cast<unsigned char>(*at) >= 0x80) {
      if (end - at >= 2 && two_bytes(at)) {
        *to++ = *at++;
        *to++ = *at++;
        continue;
      }
      const auto size = utf8_sequence({at, static_cast<std::size_t>(end - at)});
      if (size != 0) {
        for (std::size_t i = 0; i < size; ++i) *to++ = *at++;
        continue;
      }
      if (!replace) {
        out.rewind(mark);
        return false;
      }
      std::memcpy(to, "\xEF\xBF\xBD", 3);
      out.advance(to + 3);
      ++at;
      to = out.reserve(static_cast<std::size_t>(end - at) + slack);
    }
    while (at != end && static_cast<unsigned char>(*at) < 0x80 &&
           !is_plain(static_cast<unsigned char>(*at))) {
      out.advance(put_escape(static_cast<unsigned char>(*at), to));
      ++at;
      to = out.reserve(static_cast<std::size_t>(end - at) + slack);
    }
  }
  *to++ = '"';
  out.advance(to);
  return true;
}

void put_value(const Value& value, TextBuffer& out) {
  switch (value.kind()) {
    case Value::Kind::null:
      return out.put("null");
    case Value::Kind::boolean:
      return out.put(value.as_bool() ? "true" : "false");
    case Value::Kind::integer:
      return out.number(*value.as_int64());
    case Value::Kind::real:
      return put_real(*value.as_double(), out);
    case Value::Kind::number:
      return out.put(value.text());
    case Value::Kind::string:
      put_quoted(value.text(), true, out);
      return;
    case Value::Kind::bytes:
      return put_base64(value.as_bytes(), out);
    case Value::Kind::array: {
      out.put('[');
      bool first = true;
      for (const auto& item : value.items()) {
        if (!first) out.put(',');
        first = false;
        put_value(item, out);
      }
      return out.put(']');
    }
    case Value::Kind::object: {
      out.put('{');
      bool first = true;
      for (const auto& member : value.members()) {
        if (!first) out.put(',');
        first = false;
        put_quoted(member.key, true, out);
        out.put(':');
        put_value(member.value, out);
      }
      return out.put('}');
    }
  }
}

}  // namespace

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

bool put_string(std::string_view text, TextBuffer& out) { return put_quoted(text, false, out); }

void put_real(double value, TextBuffer& out) {
  if (std::isfinite(value)) {
    auto* to = out.reserve(32);
    out.advance(std::to_chars(to, to + 32, value).ptr);
  } else if (std::isnan(value)) {
    out.put("\"NaN\"");
  } else {
    out.put(value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  }
}

void put_base64(ByteView bytes, TextBuffer& out) {
  auto* to = out.reserve(base64_size(bytes.size()) + 2);
  *to++ = '"';
  to = write_base64(bytes, to);
  *to++ = '"';
  out.advance(to);
}

void write_json_string(std::string_view text, std::string& out) {
  TextBuffer buffer(out);
  put_quoted(text, true, buffer);
}

void write_json(const Value& value, std::string& out) {
  TextBuffer buffer(out);
  put_value(value, buffer);
}

}  // namespace tl
