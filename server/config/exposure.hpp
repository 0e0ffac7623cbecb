// Who listens beyond loopback shows what it serves to a network: not without a token and TLS,
// unless somebody insists.
#pragma once

#include <optional>
#include <string>

#include "server/config/options.hpp"

namespace server::config {

// A sentence that says what to do, or none: come in. `loopback_only` is what the open listeners
// say; a name that resolves to loopback alone is loopback.
std::optional<std::string> exposure_refusal(const Options&, bool loopback_only);

// What somebody who insisted should know.
std::optional<std::string> exposure_warning(const Options&, bool loopback_only);

// Whether --host is an address, and not one of loopback: known before anything listens.
bool certainly_exposed(const Options&);

}  // namespace server::config
