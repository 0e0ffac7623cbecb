// Any bytes by the scheme of the API: text and values agree, and what was decoded encodes to bytes
// that say the same.
#include <array>
#include <memory>
#include <memory_resource>

#include "tests/fuzz/support.hpp"
#include "tests/support/api_schema.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"
#include "tl/text_parts.hpp"

namespace {

using namespace tl;

TypeRef due_type(std::size_t choice) {
  static constexpr std::array names{"Updates", "Vector<int>", "Vector<long>",    "Bool",
                                    "User",    "Config",      "Vector<Message>", "FutureSalts"};
  if (choice == 0 || choice > names.size()) return any_object;
  return support::api_schema().find_type(names[choice - 1]).value();
}

std::string text_of(TypeRef due, ByteView bytes, Notation notation) {
  std::string out = "x";
  const auto decoded = decode_text(support::api_schema(), due, bytes, notation, out);
  fuzz::promise(decoded && out.front() == 'x', "what was encoded can be decoded");
  return out.substr(1);
}

// What was decoded where `due` was due; another object may have stood there.
Bytes encoded(TypeRef due, const Value& value) {
  static const auto boolean = support::api_schema().find_type("Bool").value();
  const auto& schema = support::api_schema();
  const auto name = value.constructor();
  const bool vector = value.is_array() || name == "vector";
  const bool is_bool =
      value.kind() == Value::Kind::boolean || name == "boolTrue" || name == "boolFalse";
  Bytes out;
  const auto done = vector || is_bool ? encode_as(schema, vector ? due : boolean, value, {}, out)
                                      : encode(schema, value, {}, out);
  fuzz::promise(done.has_value() && done->lacking.empty(), "what was decoded can be encoded");
  return out;
}

// With a pause wherever there can be one.
std::string text_in_parts(TypeRef due, ByteView bytes, Notation notation) {
  const std::shared_ptr<const Schema> schema(std::shared_ptr<void>(), &support::api_schema());
  TextParts parts(schema, due, notation, nullptr, bytes,
                  {.part = 4, .whole_string = 7, .piece = 3});
  parts.measure(std::size_t{1} << 30);
  std::string out;
  while (parts.size() != 0) {
    const auto left = parts.size();
    parts.next(out);
    fuzz::promise(parts.size() < left, "each part is some text");
  }
  return out;
}

void check_text(TypeRef due, ByteView bytes, Notation notation, bool decodes) {
  std::pmr::monotonic_buffer_resource arena;
  std::string out = "x";
  const bool decoded = decode_text(support::api_schema(), due, bytes, notation, out);
  fuzz::promise(decoded == decodes, "both sinks take the same bytes");
  // A word of flags may stand for 32 names.
  fuzz::promise(out.size() <= 4096 + 512 * bytes.size(), "text is bounded by its bytes");
  fuzz::promise(out.front() == 'x', "what stood there before still does");
  out.erase(0, 1);
  fuzz::promise(text_in_parts(due, bytes, notation) == out, "text is the same in parts");
  const auto json = read_json(out, arena);
  fuzz::promise(json.has_value(), "what is appended is JSON");
  if (!decoded) return fuzz::promise(json->constructor() == "_unknown", "it is told as unknown");
  fuzz::promise(text_of(due, encoded(due, *json), notation) == out, "text comes back as it was");
}

}  // namespace

FUZZ_TARGET(tl) {
  fuzz::Input in(bytes);
  const auto due = due_type(in.below(9));
  const auto body = in.rest();
  std::pmr::monotonic_buffer_resource arena;
  const auto& schema = support::api_schema();
  const auto value = decode_value(schema, due, body, arena);
  for (const auto notation : {Notation::classic, Notation::plain, Notation::automatic}) {
    check_text(due, body, notation, value.has_value());
    if (!value) continue;
    fuzz::promise(text_of(due, encoded(due, *value), notation) == text_of(due, body, notation),
                  "a value comes back as it was");
  }
  if (const auto request = decode_value(schema, any_object, body, arena, true)) {
    const auto once = encoded(any_object, *request);
    const auto again = decode_value(schema, any_object, once, arena, true);
    fuzz::promise(again.has_value() && encoded(any_object, *again) == once,
                  "a request comes back as it was");
  }
}
