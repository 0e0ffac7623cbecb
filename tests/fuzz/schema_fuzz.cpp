// A scheme of any text; then, behind a zero byte, bytes by it.
#include <memory_resource>

#include "tests/fuzz/support.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace {

using namespace tl;

void check_type(const Schema& schema, TypeRef type) {
  switch (type.kind) {
    case Kind::vector:
      schema.element(type.index);
      break;
    case Kind::boxed:
      fuzz::promise(type.index < schema.types().size(), "a type is one of the scheme's");
      break;
    case Kind::bare:
      fuzz::promise(type.index < schema.combinators().size(), "a constructor is the scheme's");
      break;
    default:
      break;
  }
  fuzz::promise(!schema.describe(type).empty(), "every type can be told");
}

void check_schema(const Schema& schema) {
  for (const auto& it : schema.combinators()) {
    fuzz::promise(it.fields.size() == it.steps.size(), "every field has its step");
    fuzz::promise(it.masks.size() >= it.blocks, "there are masks for all blocks");
    for (const auto& step : it.steps) {
      const bool held = !step.is_flags() || step.index + step.more * it.blocks <= it.masks.size();
      fuzz::promise(held, "the masks of every flags word are there");
    }
    for (const auto& field : it.fields) {
      check_type(schema, field.type);
      fuzz::promise(field.word <= Combinator::max_words, "words of flags are counted");
    }
    check_type(schema, it.result);
    if (it.shadowed) continue;
    const auto* named =
        it.is_function ? schema.function_by_name(it.name) : schema.constructor_by_name(it.name);
    fuzz::promise(named == &it, "a combinator is found by its name");
    const auto* by_id =
        it.is_function ? schema.function_by_id(it.id) : schema.constructor_by_id(it.id);
    fuzz::promise(by_id != nullptr, "an id leads somewhere");
  }
}

void check_bytes(const Schema& schema, ByteView body) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = decode_value(schema, any_object, body, arena);
  std::string text;
  const bool decoded = decode_text(schema, any_object, body, Notation::classic, text);
  fuzz::promise(decoded == value.has_value(), "both sinks take the same bytes");
  fuzz::promise(read_json(text, arena).has_value(), "what is appended is JSON");
  if (!value || !value->is_object()) return;
  Bytes once, twice;
  if (!encode(schema, *value, {}, once)) return;  // a shadowed name
  const auto again = decode_value(schema, any_object, once, arena);
  fuzz::promise(again.has_value() && encode(schema, *again, {}, twice).has_value() && once == twice,
                "an object comes back as it was");
}

}  // namespace

FUZZ_TARGET(schema) {
  const auto end = std::find(bytes.begin(), bytes.end(), 0);
  const std::string text(bytes.begin(), end);
  const auto body = end == bytes.end() ? ByteView{} : ByteView(end + 1, bytes.end());
  const SchemaSource source{"a.tl", text};
  std::vector<SchemaProblem> warnings;
  const auto schema = Schema::parse({&source, 1}, &warnings);
  if (!schema) {
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    fuzz::promise(schema.error().line <= lines, "a problem stands in the file");
    return fuzz::promise(!schema.error().text.empty(), "a problem is told");
  }
  check_schema(**schema);
  check_bytes(**schema, body.first(std::min<std::size_t>(body.size(), 256)));
}
