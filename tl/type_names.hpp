// The types that a scheme need not define, and what stands in a vector's brackets.
#pragma once

#include <optional>
#include <string_view>

#include "tl/schema.hpp"

namespace tl {

// "int", "#", "Bool", "Object", …
std::optional<TypeRef> plain_type(std::string_view name);
std::string_view plain_type_name(Kind);

struct VectorName {
  std::string_view item;
  bool bare = false;
};

// "Vector<int>" → int; "vector<%Message>", "%Vector<int>" → bare.
std::optional<VectorName> vector_argument(std::string_view name);

}  // namespace tl
