// What options say together: those that need each other, those that do not go together, and what
// holds where nobody says anything.
#pragma once

#include <string>

#include "server/config/gateway_table.hpp"
#include "server/config/said.hpp"

namespace server::config {

// Empty, or what is wrong.
std::string complete(OptionDraft&, const Said&);

}  // namespace server::config
