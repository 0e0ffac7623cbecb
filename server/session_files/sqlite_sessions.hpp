// Libraries that keep their sessions in a SQLite database, told apart by its tables.
//
//   Telethon   sessions(dc_id, server_address, port, auth_key, takeout_id[, tmp_auth_key])
//   Pyrogram   sessions(dc_id, [server_address, port,] [api_id,] test_mode, auth_key, date, user_id,
//              is_bot)
//   mtcute     auth_keys(dc, key), key_value(key, value), temp_auth_keys
#pragma once

#include "server/session_files/database.hpp"

namespace server::session_files {

Outcome<FoundSession> read_database_session(Database&);

Outcome<FoundSession> read_telethon(Database&);
Outcome<FoundSession> read_pyrogram(Database&);
Outcome<FoundSession> read_mtcute(Database&);

}  // namespace server::session_files
