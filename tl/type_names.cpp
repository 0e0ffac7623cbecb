#include "tl/type_names.hpp"

#include <array>

namespace tl {
namespace {

struct Plain {
  std::string_view name;
  Kind kind;
};

constexpr std::array plain_types{
    Plain{"#", Kind::nat},          Plain{"int", Kind::int32},     Plain{"long", Kind::int64},
    Plain{"double", Kind::float64}, Plain{"string", Kind::string}, Plain{"bytes", Kind::bytes},
    Plain{"int128", Kind::int128},  Plain{"int256", Kind::int256}, Plain{"Bool", Kind::boolean},
    Plain{"true", Kind::true_bit},  Plain{"Object", Kind::any},
};

}  // namespace

std::optional<TypeRef> plain_type(std::string_view name) {
  for (const auto& plain : plain_types) {
    if (plain.name == name) return TypeRef{plain.kind, false, 0};
  }
  return std::nullopt;
}

std::optional<TypeRef> number_alias(std::string_view name) {
  if (name == "ulong" || name == "int53" || name == "int64") return TypeRef{Kind::int64, false, 0};
  if (name == "int32") return TypeRef{Kind::int32, false, 0};
  if (name == "uint") return TypeRef{Kind::nat, false, 0};
  return std::nullopt;
}

std::string_view plain_type_name(Kind kind) {
  for (const auto& plain : plain_types) {
    if (plain.kind == kind) return plain.name;
  }
  return "Object";
}

std::optional<VectorName> vector_argument(std::string_view name) {
  VectorName out;
  if (name.starts_with('%')) {
    out.bare = true;
    name.remove_prefix(1);
  }
  if (!name.ends_with('>')) return std::nullopt;
  if (name.starts_with("vector<")) {
    out.bare = true;
  } else if (!name.starts_with("Vector<")) {
    return std::nullopt;
  }
  out.item = name.substr(7, name.size() - 8);
  return out;
}

}  // namespace tl
