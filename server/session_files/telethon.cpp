// Telethon: one row is the session. `tmp_auth_key`, which newer versions have, is not looked at.
#include "server/session_files/sqlite_sessions.hpp"

namespace server::session_files {

Outcome<FoundSession> read_telethon(Database& database) {
  const auto rows = database.rows("SELECT dc_id, auth_key FROM sessions", 2);
  if (!rows) return rows.error();
  if (rows->empty()) return no_key_yet("Telethon");
  if (rows->size() > 1) {
    return std::string(
        "Telethon's table \"sessions\" has several rows, and does not say which data centre is "
        "home");
  }
  const auto& row = rows->front();
  auto key = auth_key_of(row[1].view());
  if (row[1].view().empty()) return no_key_yet("Telethon");
  if (!key) return std::string("sessions.auth_key is no key of 256 bytes");
  const auto dc = dc_of(row[0].number);
  if (!dc) return std::string("sessions.dc_id is no data centre's number");
  return FoundSession{"Telethon", std::move(*key), *dc};
}

}  // namespace server::session_files
