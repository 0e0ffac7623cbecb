// signin-cli --import: what another program keeps of a session, as our line. Nobody is asked over
// the network.
#pragma once

#include <optional>
#include <string>

#include "server/signin_cli/dialogue.hpp"
#include "tl/notation.hpp"

namespace server {

// `json`: the notation that the line asks for.
CliOutcome import_session(const std::string& path, Console&, std::optional<tl::Notation> json = {});

}  // namespace server
