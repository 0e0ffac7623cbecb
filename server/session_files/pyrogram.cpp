// Pyrogram and its forks: one row is the session. A bot's and a person's look the same but for
// is_bot; user_id is there once somebody is signed in.
#include "server/session_files/sqlite_sessions.hpp"

namespace server::session_files {

Outcome<FoundSession> read_pyrogram(Database& database) {
  const bool has_app = database.has_column("sessions", "api_id");
  const auto rows = database.rows("SELECT dc_id, auth_key, test_mode, user_id, " +
                                      std::string(has_app ? "api_id" : "NULL") + " FROM sessions",
                                  2);
  if (!rows) return rows.error();
  if (rows->empty()) return no_key_yet("Pyrogram");
  if (rows->size() > 1) {
    return std::string(
        "Pyrogram's table \"sessions\" has several rows, and does not say which data centre is "
        "home");
  }
  const auto& row = rows->front();
  if (row[1].view().empty()) return no_key_yet("Pyrogram");
  auto key = auth_key_of(row[1].view());
  if (!key) return std::string("sessions.auth_key is no key of 256 bytes");
  const auto dc = dc_of(row[0].number);
  if (!dc) return std::string("sessions.dc_id is no data centre's number");
  const auto user = row[3].number.value_or(0);
  if (user <= 0) return nobody_signed_in("Pyrogram");
  FoundSession out{"Pyrogram", std::move(*key), *dc, user};
  if (row[2].number) out.test = *row[2].number != 0;
  const auto app = row[4].number.value_or(0);
  if (app > 0 && app <= INT32_MAX) out.api_id = static_cast<std::int32_t>(app);
  return out;
}

}  // namespace server::session_files
