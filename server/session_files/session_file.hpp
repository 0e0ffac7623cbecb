// What another program left on disk, as a session: a file, or the folder that it keeps several in.
// Which program's it is, its content says. Nothing is written, and nobody is asked over the network.
#pragma once

#include "server/session_files/files.hpp"
#include "server/session_files/person.hpp"

namespace server::session_files {

// The error begins with a file's name.
Outcome<FoundSession> read_session_file(const Files&, const std::filesystem::path&, Person&);

}  // namespace server::session_files
