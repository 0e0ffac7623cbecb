// What is wrong with a value, in words that name what is due and what is nearest.
#include "tl/encoder.hpp"
#include "tl/json_text.hpp"
#include "tl/nearest_name.hpp"
#include "tl/shortened.hpp"

namespace tl {
namespace {

std::string_view kind_of(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return "null";
    case Value::Kind::boolean:
      return "true or false";
    case Value::Kind::integer:
    case Value::Kind::real:
    case Value::Kind::number:
      return "a number";
    case Value::Kind::string:
      return "a string";
    case Value::Kind::bytes:
      return "bytes";
    case Value::Kind::array:
      return "an array";
    case Value::Kind::object:
      return "an object";
  }
  return "that";
}

std::string shown(std::string_view name) { return "`" + shortened(name) + "`"; }

}  // namespace

bool Encoder::wrong_type(const Place& place, std::string text) {
  problem_ = {Problem::Kind::type, place.pointer(), std::move(text)};
  return false;
}

bool Encoder::wrong_scheme(const Place& place, std::string text) {
  problem_ = {Problem::Kind::scheme, place.pointer(), std::move(text)};
  return false;
}

bool Encoder::too_long(const Place& place) {
  return wrong_type(place, "what stands before this is already longer than can be sent");
}

bool Encoder::expected(std::string_view type, const Value& value, const Place& place) {
  return wrong_type(place, std::string(type) + " is due, not " + std::string(kind_of(value)));
}

std::string Encoder::due_name(TypeRef due, Wanted wanted) const {
  switch (wanted) {
    case Wanted::function:
      return "a function";
    case Wanted::anything:
      return "a function or object";
    case Wanted::object:
      return "an object";
    case Wanted::type:
      break;
  }
  return schema_.describe(due);
}

bool Encoder::unknown_name(std::string_view name, TypeRef due, Wanted wanted, const Place& place) {
  const auto* constructor = schema_.constructor_by_name(name);
  const auto* function = schema_.function_by_name(name);
  auto text = shown(name);
  if (constructor != nullptr) {
    text += " is a constructor of " + std::string(constructor->result_name);
  } else if (function != nullptr) {
    text += " is a function";
  } else {
    text += " is not in the scheme";
  }
  text += "; " + due_name(due, wanted) + " is due";
  NearestName nearest(name);
  if (due.kind == Kind::boxed) {
    for (const auto place_of : schema_.type(due.index).constructors) {
      nearest.offer(schema_.combinator(place_of).name);
    }
  }
  if (nearest.best().empty() && constructor == nullptr) {
    for (const auto& combinator : schema_.combinators()) {
      const bool fits = wanted == Wanted::anything || wanted == Wanted::object ||
                        combinator.is_function == (wanted == Wanted::function);
      if (fits) nearest.offer(combinator.name);
    }
  }
  return wrong_scheme(place, text + nearest.hint());
}

bool Encoder::unknown_field(const Combinator& combinator, std::string_view key,
                            const Place& place) {
  NearestName nearest(key);
  for (const auto& field : combinator.fields) {
    if (!field.is_flags) nearest.offer(field.name);
  }
  return wrong_scheme(
      place, std::string(combinator.name) + " has no field " + shown(key) + nearest.hint());
}

}  // namespace tl
