#include "tl/json_text.hpp"

#include <charconv>
#include <cmath>
#include <span>

#include "tl/base64.hpp"
#include "tl/escaped_text.hpp"
#include "tl/text_block.hpp"
#include "tl/utf8.hpp"
#include "tl/utf8_check.hpp"
#include "tl/value.hpp"

namespace tl {
namespace {

constexpr std::size_t slack = escaped_text::slack<TextBlock>;

// Of a text that was checked, and may be cut anywhere.
struct Unchecked {
  void block(TextBlock) {}
  bool good() const { return true; }
};

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
  return put_string(mended, out, out.place(mark));
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

char* put_string(std::string_view text, std::size_t behind, TextBuffer& out, char* to) {
  to = out.reserve(text.size() + slack, to);
  *to++ = '"';
  to = escaped_text::put<TextBlock, Utf8Check>(text, behind, out, to);
  if (to != nullptr) *to++ = '"';
  return to;
}

char* put_inside(std::string_view piece, TextBuffer& out, char* to) {
  to = out.reserve(piece.size() + slack, to);
  return escaped_text::put_apart<TextBlock>(piece, Unchecked(), out, to);
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
