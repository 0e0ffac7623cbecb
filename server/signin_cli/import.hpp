// signin-cli --import: what another program keeps of a session, as our line. Nobody is asked over
// the network.
#pragma once

#include <string>

#include "server/signin_cli/dialogue.hpp"

namespace server {

CliOutcome import_session(const std::string& path, Console&);

}  // namespace server
