// The value of a type that says that there is nothing: empty lists, zeros, the default among
// several constructors. Made of the scheme, so that it is right in every layer. Clients ask for
// much at each start that this world has none of (methods/nothing.cpp).
#pragma once

#include <optional>

#include "tl/schema.hpp"
#include "tl/value.hpp"

namespace server::sandbox {

// None where the type has no such value (each one holds itself).
std::optional<tl::Value> nothing_of(const tl::Schema& schema, tl::TypeRef due,
                                    const tl::Builder& make);

}  // namespace server::sandbox
