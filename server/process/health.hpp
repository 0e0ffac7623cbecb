// `streamjson --health`: whether the gateway that was started with these options can serve clients.
// What a container's HEALTHCHECK asks, where there is no curl.
#pragma once

#include <span>
#include <string>

#include "server/config/options.hpp"
#include "server/config/program.hpp"

namespace server {

// Whether the arguments ask for it.
bool asks_health(std::span<const std::string> arguments);

// GET /healthz at the first address that the options name, or at their socket file. Status 0: "ready"
// came; 1: something else did, or nothing within 5 s, and `err` says what.
config::Printed ask_health(const Options&);
// The same for what the options are read from.
config::Printed ask_health(const config::Sources&);

}  // namespace server
