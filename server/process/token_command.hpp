// `streamjson token new NAME [read-only] [methods=…]`: makes a token.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/config/program.hpp"
#include "tl/random.hpp"

namespace server {

// None: the arguments are no such command. What it prints: the line for --token-file to stdout, the
// token, which stands nowhere else, to stderr.
std::optional<config::Printed> token_command(const std::vector<std::string>& arguments,
                                             tl::Random& random);
// With the system's randomness.
std::optional<config::Printed> token_command(const std::vector<std::string>& arguments);

}  // namespace server
