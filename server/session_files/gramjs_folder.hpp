// The folder of GramJS's StoreSession, which holds a file for each value and one for each person
// seen. Names are escaped as in addresses, "NAME%3AauthKey"; what divides them is the program's choice,
// so that only the last word is sure.
#pragma once

#include "server/session_files/files.hpp"

namespace server::session_files {

bool is_gramjs_key(const std::filesystem::path& file);

// Each …authKey in a folder, at most two.
std::vector<std::filesystem::path> find_gramjs_keys(const Files&,
                                                    const std::filesystem::path& folder);

// By its …authKey; the error begins with a name.
Outcome<FoundSession> read_gramjs_folder(const Files&, const std::filesystem::path& key_file);

}  // namespace server::session_files
