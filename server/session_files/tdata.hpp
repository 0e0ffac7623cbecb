// Telegram Desktop's folder `tdata`: `key_datas` opens all else, and for each account there is a
// file with its keys, `NAMEs`, and one that knows its environment, `NAME/configs`.
#pragma once

#include "server/session_files/files.hpp"
#include "server/session_files/person.hpp"

namespace server::session_files {

// The account that is signed in, or of several that which is chosen. The error begins with a name.
Outcome<FoundSession> read_tdata(const Files&, const std::filesystem::path& folder, Person&);

// How an account's files are called: the front of MD5( "data", "data#2", … ), halves of bytes
// swapped. `index` counts from 0.
std::string tdata_account_name(std::size_t index);

}  // namespace server::session_files
