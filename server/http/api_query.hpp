// Arguments of a method in a query: ?peer=@ada&limit=10&id=[1,2]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/protocol/failure.hpp"
#include "tl/result.hpp"
#include "tl/schema.hpp"
#include "tl/value.hpp"

namespace server::http {

struct Parameter {
  std::string name, value;
};

// As forms write them: `+` is a space. None where an escape is broken.
std::vector<std::optional<Parameter>> parameters_of(std::string_view query);

// The arguments as an object in `arena`, each read by the type of its field: a string as it stands,
// a flag as true or 1, JSON where it begins with a brace or a bracket and is no string. A vector
// may be given item by item. `timeout` and `dc` are passed over. Failures name the place below
// "/message".
tl::Result<tl::Value, Failure> read_query(std::string_view query, const tl::Schema&,
                                          const tl::Combinator& method, tl::Arena& arena);

}  // namespace server::http
