#include "tl/schema.hpp"

#include "tl/schema_index.hpp"
#include "tl/type_names.hpp"

namespace tl {
namespace {

const Combinator* by_name(const PlaceTable& table, std::span<const Combinator> all,
                          std::string_view name) {
  const auto place =
      table.find(hash_of(name), [&](std::uint32_t at) { return all[at].name == name; });
  return place ? &all[*place] : nullptr;
}

}  // namespace

const Combinator* Schema::constructor_by_name(std::string_view name) const {
  return by_name(index_->constructors, combinators_, name);
}

const Combinator* Schema::function_by_name(std::string_view name) const {
  return by_name(index_->functions, combinators_, name);
}

const Type* Schema::type_by_name(std::string_view name) const {
  const auto place =
      index_->types.find(hash_of(name), [&](std::uint32_t at) { return types_[at].name == name; });
  return place ? &types_[*place] : nullptr;
}

std::optional<TypeRef> Schema::find_type(std::string_view name) const {
  if (const auto plain = plain_type(name)) return *plain;
  if (const auto inner = vector_argument(name)) {
    const auto item = find_type(inner->item);
    if (!item) return std::nullopt;
    for (std::uint32_t place = 0; place < elements_.size(); ++place) {
      if (elements_[place] == *item) return TypeRef{Kind::vector, inner->bare, place};
    }
    return std::nullopt;
  }
  if (const auto* type = type_by_name(name)) {
    return TypeRef{Kind::boxed, false, static_cast<std::uint32_t>(type - types_.data())};
  }
  if (name.starts_with('%')) {
    name.remove_prefix(1);
    const auto* type = type_by_name(name);
    if (type != nullptr && type->constructors.size() == 1) {
      return TypeRef{Kind::bare, false, type->constructors.front()};
    }
  }
  if (const auto* combinator = constructor_by_name(name)) {
    return TypeRef{Kind::bare, false, static_cast<std::uint32_t>(combinator - combinators_.data())};
  }
  return std::nullopt;
}

std::string Schema::describe(TypeRef ref) const {
  switch (ref.kind) {
    case Kind::vector: {
      const auto item = describe(elements_[ref.index]);
      return (ref.bare_vector ? "vector<" : "Vector<") + item + ">";
    }
    case Kind::boxed:
      return std::string(types_[ref.index].name);
    case Kind::bare:
      return '%' + std::string(combinators_[ref.index].name);
    default:
      return std::string(plain_type_name(ref.kind));
  }
}

}  // namespace tl
