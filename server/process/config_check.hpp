// --check-config: what can be tried of a configuration without starting. Nothing is made, changed
// or left behind, and nobody is connected to but the resolver.
#pragma once

#include <string>
#include <vector>

#include "server/config/options.hpp"

namespace server {

// Everything that is wrong, a sentence each: with schemes, tokens, certificate, names that do not
// resolve, addresses that can't be listened on, files that can't be read or written. The store and
// what is in the sandbox's files is for others.
std::vector<std::string> check_config(const Options&);

}  // namespace server
