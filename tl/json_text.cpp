#include "tl/json_text.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "tl/base64.hpp"
#include "tl/numbers.hpp"
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

// How many bytes from here can be copied as they stand.
std::size_t plain_run(const char* from, const char* end) {
  const auto* at = from;
  while (end - at >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    if (needs_care(eight)) break;
    at += 8;
  }
  while (at != end) {
    const auto c = static_cast<unsigned char>(*at);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
    ++at;
  }
  return static_cast<std::size_t>(at - from);
}

void append_escape(char c, std::string& out) {
  constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default: {
      const auto byte = static_cast<unsigned char>(c);
      const char text[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
      out.append(text, sizeof text);
    }
  }
}

// False at the first byte that is no UTF-8, unless `replace`.
bool append_quoted(std::string_view text, bool replace, std::string& out) {
  const auto start = out.size();
  out += '"';
  const auto* at = text.data();
  const auto* end = at + text.size();
  while (at != end) {
    const auto run = plain_run(at, end);
    out.append(at, run);
    at += run;
    while (at != end && static_cast<unsigned char>(*at) >= 0x80) {
      const auto size = utf8_sequence({at, static_cast<std::size_t>(end - at)});
      if (size != 0) {
        out.append(at, size);
        at += size;
      } else if (replace) {
        out += "\xEF\xBF\xBD";
        ++at;
      } else {
        out.resize(start);
        return false;
      }
    }
    if (at == end) break;
    const auto c = static_cast<unsigned char>(*at);
    if (c < 0x20 || c == '"' || c == '\\') {
      append_escape(*at, out);
      ++at;
    }
  }
  out += '"';
  return true;
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

void append_real(double value, std::string& out) {
  if (std::isfinite(value)) {
    append_number(value, out);
  } else if (std::isnan(value)) {
    out += "\"NaN\"";
  } else {
    out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  }
}

bool try_json_string(std::string_view text, std::string& out) {
  return append_quoted(text, false, out);
}

void write_json_string(std::string_view text, std::string& out) { append_quoted(text, true, out); }

void write_json(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Value::Kind::null:
      out += "null";
      return;
    case Value::Kind::boolean:
      out += value.as_bool() ? "true" : "false";
      return;
    case Value::Kind::integer:
      append_number(*value.as_int64(), out);
      return;
    case Value::Kind::real:
      append_real(*value.as_double(), out);
      return;
    case Value::Kind::number:
      out += value.text();
      return;
    case Value::Kind::string:
      write_json_string(value.text(), out);
      return;
    case Value::Kind::bytes:
      out += '"';
      append_base64(value.as_bytes(), out);
      out += '"';
      return;
    case Value::Kind::array: {
      char separator = '[';
      for (const auto& item : value.items()) {
        out += separator;
        write_json(item, out);
        separator = ',';
      }
      out += value.items().empty() ? "[]" : "]";
      return;
    }
    case Value::Kind::object: {
      char separator = '{';
      for (const auto& member : value.members()) {
        out += separator;
        write_json_string(member.key, out);
        out += ':';
        write_json(member.value, out);
        separator = ',';
      }
      out += value.members().empty() ? "{}" : "}";
      return;
    }
  }
}

}  // namespace tl
