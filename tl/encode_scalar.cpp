// Numbers, text and bytes of a value as TL. A number's text is read by the type that is due.
#include <cmath>
#include <limits>

#include "tl/base64.hpp"
#include "tl/encoder.hpp"
#include "tl/numbers.hpp"
#include "tl/rounded.hpp"

namespace tl {
namespace {

constexpr std::size_t max_string = (1U << 24) - 1;

bool is_integer_text(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Why a number is none of the integers of `type`.
std::string no_integer(std::string_view number, std::string_view type) {
  const auto read = read_integral(number);
  const std::string due(type);
  if (read.kind == Integral::Kind::fraction) return due + " is due, which has no fraction";
  if (type == "long" && read.kind == Integral::Kind::lost && !is_integer_text(number)) {
    return due + " is due, and " + lost_digits(number);
  }
  return "out of the range of " + due;
}

// {"_bytes": "base64"}: the text of it, or null.
const Value* bytes_of(const Value& value) {
  if (value.members().size() != 1) return nullptr;
  const auto* inner = value.find("_bytes");
  return inner != nullptr && (inner->is_string() || inner->kind() == Value::Kind::bytes) ? inner
                                                                                         : nullptr;
}

}  // namespace

bool Encoder::not_an_integer(const Value& value, std::string_view type, const Place& place) {
  switch (value.kind()) {
    case Value::Kind::number:
      return wrong_type(place, no_integer(value.text(), type));
    case Value::Kind::string:
      if (!is_integer_text(value.text())) {
        return wrong_type(place, std::string(type) + " is due, not a string that is no integer");
      }
      break;
    case Value::Kind::integer:
      break;
    default:
      return expected(type, value, place);
  }
  return wrong_type(place, "out of the range of " + std::string(type));
}

bool Encoder::int32(const Value& value, const Place& place) {
  const auto number = value.as_int64();
  if (!number || *number < INT32_MIN || *number > INT32_MAX) {
    return not_an_integer(value, "int", place);
  }
  writer_.int32(static_cast<std::int32_t>(*number));
  return true;
}

bool Encoder::nat(const Value& value, const Place& place) {
  const auto number = value.as_uint64();
  if (!number || *number > UINT32_MAX) return not_an_integer(value, "#", place);
  writer_.nat(static_cast<std::uint32_t>(*number));
  return true;
}

bool Encoder::int64(const Value& value, const Place& place) {
  if (const auto number = value.as_int64()) {
    if (!is_exact_in_double(*number) && value.kind() == Value::Kind::integer) [[unlikely]] {
      look_for_rounding(*number, place);
    }
    writer_.int64(*number);
  } else if (const auto large = value.as_uint64()) {
    writer_.int64(static_cast<std::int64_t>(*large));
  } else {
    return not_an_integer(value, "long", place);
  }
  return true;
}

void Encoder::look_for_rounding(std::int64_t number, const Place& place) {
  if (encoding_.rounded || !looks_rounded(number)) return;
  const auto* at = &place;
  while (at->is_index && at->up != nullptr) at = at->up;
  if (is_of_answers(at->key)) encoding_.rounded = Encoding::Rounded{number, std::string(at->key)};
}

bool Encoder::float64(const Value& value, const Place& place) {
  using Limits = std::numeric_limits<double>;
  if (value.is_array() && value.items().size() == 1 && !value.items()[0].is_array()) {
    return float64(value.items()[0], Place(place, std::size_t{0}));
  }
  if (const auto number = value.as_double()) {
    writer_.float64(*number);
    return true;
  }
  if (value.kind() == Value::Kind::number) return wrong_type(place, "out of the range of double");
  const auto text = value.is_string() ? value.text() : std::string_view{};
  if (text == "NaN") {
    writer_.float64(Limits::quiet_NaN());
  } else if (text == "Infinity") {
    writer_.float64(Limits::infinity());
  } else if (text == "-Infinity") {
    writer_.float64(-Limits::infinity());
  } else {
    return expected("double", value, place);
  }
  return true;
}

bool Encoder::text(const Value& value, const Place& place) {
  if (value.is_string()) {
    if (value.text().size() > max_string) return wrong_type(place, "a string above 2^24-1 bytes");
    writer_.bytes(value.text());
    return true;
  }
  if (value.kind() == Value::Kind::bytes) return base64(value, place, "string", 0);
  if (const auto* inner = bytes_of(value)) {
    return base64(*inner, Place(place, "_bytes"), "bytes in base64", 0);
  }
  return expected("string", value, place);
}

// `size` 0: of any length, with a length in front.
bool Encoder::base64(const Value& value, const Place& place, std::string_view type,
                     std::size_t size) {
  if (const auto* inner = bytes_of(value)) {
    return base64(*inner, Place(place, "_bytes"), type, size);
  }
  Bytes decoded;
  ByteView bytes = value.as_bytes();
  if (value.is_string()) {
    if (base64_decoded_size(value.text()) > max_string) {
      return wrong_type(place, std::string(type) + " above 2^24-1 bytes");
    }
    if (!decode_base64(value.text(), decoded)) {
      return wrong_type(place, std::string(type) + " is due in base64");
    }
    bytes = decoded;
  } else if (value.kind() != Value::Kind::bytes) {
    return expected(std::string(type) + " in base64", value, place);
  }
  if (size != 0) {
    if (bytes.size() != size) {
      return wrong_type(place, std::string(type) + " is " + std::to_string(size) + " bytes, not " +
                                   std::to_string(bytes.size()));
    }
    writer_.raw(bytes);
    return true;
  }
  if (bytes.size() > max_string)
    return wrong_type(place, std::string(type) + " above 2^24-1 bytes");
  writer_.bytes(bytes);
  return true;
}

bool Encoder::boolean(const Value& value, const Place& place) {
  if (value.kind() == Value::Kind::boolean) {
    writer_.boolean(value.as_bool());
    return true;
  }
  const auto* name = name_of(value, TypeRef{Kind::boolean, false, 0}, Wanted::type, place);
  if (name == nullptr) return false;
  const auto text = name->value.text();
  if (text != "boolTrue" && text != "boolFalse") {
    return wrong_scheme(Place(place, name->key), "Bool is due: boolTrue, boolFalse, true or false");
  }
  for (const auto& member : value.members()) {
    if (&member == name || member.value.is_null() ||
        (place.up == nullptr && member.key == "_seqno"))
      continue;
    if (member.key == "_cons" || member.key == "_" || member.key == "@type") continue;
    const Place there(place, member.key);
    if (!options_.ignore_unknown) {
      return wrong_scheme(there, std::string(text) + " has no fields");
    }
    encoding_.ignored.push_back(there.pointer());
  }
  writer_.boolean(text == "boolTrue");
  return true;
}

bool Encoder::true_bit(const Value& value, const Place& place, bool& set) {
  set = true;
  if (value.kind() == Value::Kind::boolean) {
    set = value.as_bool();
    return true;
  }
  const auto* name = name_of(value, TypeRef{Kind::true_bit, false, 0}, Wanted::type, place);
  if (name == nullptr) return false;
  if (name->value.text() == "true") return true;
  return wrong_scheme(Place(place, name->key), R"(`true` is due: true, false or {"_cons":"true"})");
}

}  // namespace tl
