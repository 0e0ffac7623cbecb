// The versions of OpenAPI that are spoken.
#pragma once

#include <cstdint>

namespace server::docs {

// v3_0 is the twin of the other: no `const` and no `contentEncoding`, which it does not know, and
// nothing beside a `$ref`, which it ignores. Swagger UI, whom it is for, puts in place of every
// `$ref` what it leads to, on each of the ways there: of types that hold one another more than a
// browser can take. So what is inside of a constructor is told in brief there: types of several
// constructors as an object that is one of these, without their fields.
enum class OpenApi : std::uint8_t { v3_1, v3_0 };

}  // namespace server::docs
