// A layer as OpenAPI: what /api/v1 takes and answers, in the `plain` notation of server/API.md.
// https://spec.openapis.org/oas/v3.1.0, https://spec.openapis.org/oas/v3.0.3
#pragma once

#include <string>

#include "server/config/schemes.hpp"
#include "server/docs/openapi_dialect.hpp"
#include "server/docs/scheme_docs.hpp"

namespace server::docs {

// `docs` may be null.
std::string openapi(const Scheme&, const SchemeDocs* docs, OpenApi);

}  // namespace server::docs
