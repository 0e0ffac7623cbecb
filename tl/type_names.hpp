// The types that a scheme need not define, and what stands in a vector's brackets.
#pragma once

#include <optional>
#include <string_view>

#include "tl/schema.hpp"

namespace tl {

// "int", "#", "Bool", "Object", …
std::optional<TypeRef> plain_type(std::string_view name);
std::string_view plain_type_name(Kind);

// What some files call numbers that TL calls otherwise: `ulong`, `int53`. For a scheme that does
// not define it itself.
std::optional<TypeRef> number_alias(std::string_view name);

struct VectorName {
  std::string_view item;
  bool bare = false;
};

// "Vector<int>" → int; "vector<%Message>", "%Vector<int>" → bare.
std::optional<VectorName> vector_argument(std::string_view name);

}  // namespace tl
