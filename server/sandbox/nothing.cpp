#include "server/sandbox/nothing.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "server/sandbox/world/accounts.hpp"

namespace server::sandbox {
namespace {

using tl::Kind;
using tl::Value;

constexpr int deepest = 8;
constexpr std::array<std::uint8_t, 32> zeros{};

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view end) { return name.ends_with(end); });
}

class Nothing {
 public:
  Nothing(const tl::Schema& schema, const tl::Builder& make) : schema_(schema), make_(make) {}

  std::optional<Value> value(tl::TypeRef due, int depth) const {
    switch (due.kind) {
      case Kind::nat:
      case Kind::int32:
      case Kind::int64:
        return Value::integer(0);
      case Kind::float64:
        return Value::real(0);
      case Kind::string:
        return Value::string("");
      case Kind::bytes:
        return Value::bytes({});
      case Kind::int128:
        return Value::bytes(tl::ByteView(zeros).first(16));
      case Kind::int256:
        return Value::bytes(zeros);
      case Kind::boolean:
        return Value::boolean(false);
      case Kind::vector:
        return make_.array(std::span<const Value>{});
      case Kind::bare:
        return object(schema_.combinator(due.index), depth);
      case Kind::boxed:
        return any_of(schema_.type(due.index), depth);
      case Kind::true_bit:
      case Kind::any:
        return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  std::optional<Value> object(const tl::Combinator& combinator, int depth) const {
    if (depth > deepest) return std::nullopt;
    std::vector<tl::Member> members{{"_cons", Value::string(combinator.name)}};
    for (const auto& field : combinator.fields) {
      if (field.conditional() || field.is_flags) continue;
      const auto made = value(field.type, depth + 1);
      if (!made) return std::nullopt;
      members.push_back({field.name, *made});
    }
    return make_.object(members);
  }

  std::optional<Value> any_of(const tl::Type& type, int depth) const {
    std::vector<std::uint32_t> places;
    for (const auto place : type.constructors) {
      if (rank(type, place, depth) < refused) places.push_back(place);
    }
    std::stable_sort(places.begin(), places.end(), [&](std::uint32_t a, std::uint32_t b) {
      return rank(type, a, depth) < rank(type, b, depth);
    });
    for (const auto place : places) {
      if (const auto made = object(schema_.combinator(place), depth)) return made;
    }
    return std::nullopt;
  }

  static constexpr int refused = 9;

  // An answer is the constructor that is called like its type, something in it what is empty.
  int rank(const tl::Type& type, std::uint32_t place, int depth) const {
    const std::string_view name = schema_.combinator(place).name;
    if (ends_with_any(name, {"NotModified", "TooLong", "Forbidden", "Slice"})) return refused;
    const bool named = lower(name) == lower(type.name);
    const bool empty = ends_with_any(name, {"Empty", "None", "Default", "Null"});
    if (depth == 0) return named ? 0 : empty ? 1 : 2;
    return empty ? 0 : named ? 1 : 2;
  }

  const tl::Schema& schema_;
  const tl::Builder& make_;
};

}  // namespace

std::optional<Value> nothing_of(const tl::Schema& schema, tl::TypeRef due,
                                const tl::Builder& make) {
  return Nothing(schema, make).value(due, 0);
}

}  // namespace server::sandbox
