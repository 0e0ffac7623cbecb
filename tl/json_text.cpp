#include "tl/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>

#include "tl/base64.hpp"
#include "tl/text_block.hpp"
#include "tl/utf8.hpp"
#include "tl/value.hpp"

namespace tl {
namespace {

// How a byte below 0x80 is written where it has to be escaped: one word to copy.
struct Escape {
  std::array<char, 7> text{};
  std::uint8_t size = 0;
};
static_assert(sizeof(Escape) == 8);

constexpr std::array<Escape, 128> make_escapes() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<Escape, 128> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) {
    escapes[c] = {{'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]}, 6};
  }
  constexpr std::string_view short_ones = "\"\"\\\\\nn\rr\tt\bb\ff";
  for (std::size_t i = 0; i < short_ones.size(); i += 2) {
    escapes[static_cast<unsigned char>(short_ones[i])] = {{'\\', short_ones[i + 1]}, 2};
  }
  return escapes;
}

constexpr auto escapes = make_escapes();

char* put_escape(char c, char* to) {
  const auto& escape = escapes[static_cast<unsigned char>(c)];
  std::memcpy(to, &escape, sizeof escape);
  return to + escape.size;
}

struct Quoted {
  char* to;
  bool ascii;
};

constexpr std::size_t quoted_slack = TextBlock::size + sizeof(Escape) + 1;

// Escaped, whatever its bytes are; `to` has room for all of it, and the slack.
[[gnu::always_inline]] inline Quoted put_escaped(std::string_view text, TextBuffer& out, char* to) {
  const auto* at = text.data();
  auto left = text.size();
  TextBlock seen;
  while (left != 0) {
    const auto among = std::min(left, TextBlock::size);
    const auto block = among == TextBlock::size ? TextBlock(at) : TextBlock(at, left);
    block.store(to);
    seen |= block;
    const auto plain = block.plain(among);
    if (plain == among) {  // a number that does not wait for what was found
      at += among;
      to += among;
      left -= among;
      continue;
    }
    to = put_escape(at[plain], to + plain);
    at += plain + 1;
    left -= plain + 1;
    to = out.reserve(left + quoted_slack, to);
  }
  return {to, seen.ascii()};
}

// A text with its quotes, whatever its bytes are.
Quoted put_quoted(std::string_view text, TextBuffer& out, char* to) {
  to = out.reserve(text.size() + quoted_slack, to);
  *to++ = '"';
  auto quoted = put_escaped(text, out, to);
  *quoted.to++ = '"';
  return quoted;
}

// Each byte that is no UTF-8 as U+FFFD.
char* put_replaced(std::string_view text, TextBuffer& out, char* to) {
  const auto mark = out.size(to);
  if (auto* end = put_string(text, out, to); end != nullptr) return end;
  std::string mended;
  while (true) {
    const auto good = utf8_length(text);
    mended += text.substr(0, good);
    if (good == text.size()) break;
    mended += "\xEF\xBF\xBD";
    text.remove_prefix(good + 1);
  }
  return put_quoted(mended, out, out.place(mark)).to;
}

char* put_value(const Value& value, TextBuffer& out, char* to);

char* put_items(std::span<const Value> items, TextBuffer& out, char* to) {
  to = out.put('[', to);
  bool first = true;
  for (const auto& item : items) {
    if (!first) to = out.put(',', to);
    first = false;
    to = put_value(item, out, to);
  }
  return out.put(']', to);
}

char* put_members(std::span<const Member> members, TextBuffer& out, char* to) {
  to = out.put('{', to);
  bool first = true;
  for (const auto& member : members) {
    if (!first) to = out.put(',', to);
    first = false;
    to = put_replaced(member.key, out, to);
    to = out.put(':', to);
    to = put_value(member.value, out, to);
  }
  return out.put('}', to);
}

char* put_value(const Value& value, TextBuffer& out, char* to) {
  switch (value.kind()) {
    case Value::Kind::null:
      return out.put("null", to);
    case Value::Kind::boolean:
      return out.put(value.as_bool() ? "true" : "false", to);
    case Value::Kind::integer:
      return out.put(*value.as_int64(), to);
    case Value::Kind::real:
      return put_real(*value.as_double(), out, to);
    case Value::Kind::number:
      return out.put(value.text(), to);
    case Value::Kind::string:
      return put_replaced(value.text(), out, to);
    case Value::Kind::bytes:
      return put_base64(value.as_bytes(), out, to);
    case Value::Kind::array:
      return put_items(value.items(), out, to);
    case Value::Kind::object:
      return put_members(value.members(), out, to);
  }
  return to;
}

}  // namespace

char* put_string(std::string_view text, TextBuffer& out, char* to) {
  const auto quoted = put_quoted(text, out, to);
  return quoted.ascii || is_utf8(text) ? quoted.to : nullptr;
}

char* put_inside(std::string_view piece, TextBuffer& out, char* to) {
  return put_escaped(piece, out, out.reserve(piece.size() + quoted_slack, to)).to;
}

char* put_real(double value, TextBuffer& out, char* to) {
  if (std::isfinite(value)) {
    to = out.reserve(32, to);
    return std::to_chars(to, to + 32, value).ptr;
  }
  if (std::isnan(value)) return out.put("\"NaN\"", to);
  return out.put(value < 0 ? "\"-Infinity\"" : "\"Infinity\"", to);
}

char* put_base64(ByteView bytes, TextBuffer& out, char* to) {
  to = out.reserve(base64_size(bytes.size()) + 2, to);
  *to++ = '"';
  to = write_base64(bytes, to);
  *to++ = '"';
  return to;
}

void write_json_string(std::string_view text, std::string& out) {
  TextBuffer buffer(out);
  buffer.finish(put_replaced(text, buffer, buffer.begin()));
}

void write_json(const Value& value, std::string& out) {
  TextBuffer buffer(out);
  buffer.finish(put_value(value, buffer, buffer.begin()));
}

}  // namespace tl
