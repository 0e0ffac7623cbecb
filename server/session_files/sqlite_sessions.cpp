#include "server/session_files/sqlite_sessions.hpp"

namespace server::session_files {

Outcome<FoundSession> read_database_session(Database& database) {
  if (database.has_table("auth_keys") && database.has_table("key_value")) {
    return read_mtcute(database);
  }
  if (database.has_table("sessions") && database.has_column("sessions", "auth_key")) {
    // Forks of Pyrogram have an address in it as well as Telethon.
    return database.has_column("sessions", "test_mode") ? read_pyrogram(database)
                                                        : read_telethon(database);
  }
  return std::string("a database, but none of Telethon, Pyrogram or mtcute");
}

}  // namespace server::session_files
