// signin-cli --import: what another program keeps of a session, as our line. Nobody is asked over
// the network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/session_files/found_session.hpp"
#include "server/signin_cli/dialogue.hpp"
#include "tl/notation.hpp"

namespace server {

// `json`: the notation that the line asks for.
CliOutcome import_session(const std::string& path, Console&, std::optional<tl::Notation> json = {});

// The attribute `session`, {"auth_key":…}: everything but that is made anew when it is used. It is
// secret.
std::string session_object(const session_files::FoundSession&,
                           tl::Notation = tl::Notation::classic);

// What a person should know of it, in sentences.
std::vector<std::string> notes_of(const session_files::FoundSession&);

void wipe_text(std::string& text);

}  // namespace server
