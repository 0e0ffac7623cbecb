// An example of a method's arguments: what can't be left out, in values that are of the right type.
#pragma once

#include "server/docs/json_writer.hpp"
#include "tl/schema.hpp"

namespace server::docs {

// Writes one object. Where types are nested deeply, the innermost objects hold `_cons` alone.
void write_example(const tl::Schema& schema, const tl::Combinator& method, JsonWriter& out);

}  // namespace server::docs
