// TypeScript for a layer, in the `plain` notation of server/API.md: for `connect<Methods>()` of
// web/client.js.
#pragma once

#include <string>

#include "server/config/schemes.hpp"
#include "server/docs/scheme_docs.hpp"

namespace server::docs {

// `docs` may be null.
std::string types_d_ts(const Scheme&, const SchemeDocs* docs);

}  // namespace server::docs
