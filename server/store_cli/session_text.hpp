// An account's session as people keep it: our own line, or what another library writes.
#pragma once

#include <string>
#include <string_view>

#include "server/store/account_table.hpp"
#include "tl/result.hpp"

namespace server::store_cli {

// `text`: a line as signin-cli prints it, its session alone, or a session string of Telethon,
// Pyrogram, GramJS or mtcute. The account has no name yet. The error repeats nothing of it.
tl::Result<store::StoredAccount, std::string> read_session_text(std::string_view text);

// {"id":1,"session":{…}} and a line's end: to be pasted, or to be read by the above. Wiped by who
// asked for it.
std::string session_text(const store::StoredAccount&);

void wipe_text(std::string&);

}  // namespace server::store_cli
