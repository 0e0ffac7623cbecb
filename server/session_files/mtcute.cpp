// mtcute: a key for each data centre that was spoken with, and a table of named values that says
// which is home and who is signed in. Temporary keys (temp_auth_keys) answer like the real one for
// a day, and are not looked at.
//
//   dc_main       version 1 | dc 1 | flags 1 | address: TL string | port 4
//   current_user  version 4 | flags 4 | user_id 8 | …, empty after log-out
#include "server/session_files/sqlite_sessions.hpp"
#include "tl/reader.hpp"

namespace server::session_files {
namespace {

constexpr mtproto::DcId mtcute_default(2);
constexpr std::uint8_t flag_test = 4;

// Of key_value; none where it is not there.
Outcome<std::optional<mtproto::SecretBytes>> named_value(Database& database,
                                                         const std::string& name) {
  auto rows = database.rows("SELECT value FROM key_value WHERE key = '" + name + "'", 1);
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<mtproto::SecretBytes>();
  return std::move(rows->front()[0].bytes);
}

struct HomeDc {
  mtproto::DcId dc = mtcute_default;
  bool recorded = false;
  std::optional<bool> test{};
};

Outcome<HomeDc> home_of_mtcute(Database& database) {
  const auto value = named_value(database, "dc_main");
  if (!value) return value.error();
  if (!*value || (*value)->size() == 0) return HomeDc();
  const auto bytes = (*value)->bytes();
  const bool known = bytes.size() >= 3 && (bytes[0] == 1 || bytes[0] == 2);
  const auto dc = known ? dc_of(bytes[1]) : std::nullopt;
  if (!dc) return std::string("dc_main in key_value is in a form that is not known");
  const auto test = bytes[0] == 2 ? std::optional((bytes[2] & flag_test) != 0) : std::nullopt;
  return HomeDc{*dc, true, test};
}

// 0 where it is in a form that is not known.
std::int64_t user_of_mtcute(tl::ByteView current_user) {
  tl::Reader in(current_user);
  const auto version = in.int32();
  in.int32();
  const auto user = in.int64();
  return in && version == 1 && user > 0 ? user : 0;
}

}  // namespace

Outcome<FoundSession> read_mtcute(Database& database) {
  const auto home = home_of_mtcute(database);
  if (!home) return home.error();
  const auto number = std::to_string(home->dc.value());
  const auto rows = database.rows("SELECT key FROM auth_keys WHERE dc = " + number, 1);
  if (!rows) return rows.error();
  if (rows->empty()) {
    return "there is no key in it of data centre " + number + ", mtcute's home";
  }
  auto key = auth_key_of(rows->front()[0].view());
  if (!key) return "auth_keys.key of data centre " + number + " is no key of 256 bytes";
  const auto user = named_value(database, "current_user");
  if (!user) return user.error();
  if (!*user || (*user)->size() == 0) return nobody_signed_in("mtcute");
  FoundSession out{"mtcute", std::move(*key), home->dc};
  if (const auto id = user_of_mtcute((*user)->bytes())) out.user_id = id;
  out.test = home->test;
  if (!home->recorded) out.notes.push_back(default_dc_note("mtcute", home->dc));
  return out;
}

}  // namespace server::session_files
