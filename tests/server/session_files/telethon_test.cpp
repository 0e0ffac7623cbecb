#include <catch2/catch.hpp>

#include "tests/server/session_files/fixture.hpp"

using namespace session_file_test;

TEST_CASE("Telethon's session is read") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(folder, telethon_tables + telethon_row(1, key_literal(3))));
  REQUIRE(found);
  CHECK(found->library == "Telethon");
  CHECK(found->dc == mtproto::DcId(1));
  REQUIRE(is_key(found, 3));
  CHECK_FALSE(found->user_id);
  CHECK_FALSE(found->test);
}

TEST_CASE("Telethon's temporary key is never taken, wherever its column stands") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(
      folder,
      "CREATE TABLE sessions(dc_id integer primary key, server_address text, port integer,"
      " tmp_auth_key blob, auth_key blob, takeout_id integer);"
      "INSERT INTO sessions VALUES(2, '127.0.0.1', 443, " +
          key_literal(9) + ", " + key_literal(4) + ", NULL)"));
  REQUIRE(is_key(found, 4));
}

TEST_CASE("Telethon's session that has not connected yet has no key") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(
      folder, telethon_tables + "INSERT INTO sessions VALUES(0, NULL, NULL, x'', NULL)"));
  CHECK(has(error_of(found), "no key in it"));
}

TEST_CASE("Telethon's session without a row has no key") {
  const support::TemporaryFolder folder;
  CHECK(has(error_of(read(make_database(folder, telethon_tables))), "no key in it"));
}

TEST_CASE("Telethon's session of several rows is not guessed at") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(
      folder, telethon_tables + telethon_row(1, key_literal(1)) + telethon_row(2, key_literal(2))));
  CHECK(has(error_of(found), "several rows"));
}

TEST_CASE("Telethon's session says what is wrong with it") {
  for (const auto& [row, word] : std::vector<std::pair<std::string, std::string>>{
           {telethon_row(2, "x'0011'"), "sessions.auth_key"},
           {telethon_row(2, "7"), "no key in it"},
           {telethon_row(2, "zeroblob(256)"), "sessions.auth_key"},
           {telethon_row(2, "zeroblob(300000)"), "sessions.auth_key"},
           {telethon_row(2, "zeroblob(3000000)"), "too big"},
           {telethon_row(1000, key_literal(1)), "sessions.dc_id"},
           {telethon_row(-1, key_literal(1)), "sessions.dc_id"}}) {
    const support::TemporaryFolder folder;
    const auto path = make_database(folder, telethon_tables + row);
    const auto error = error_of(read(path));
    CHECK(error.starts_with(path.string() + ": "));
    CHECK(has(error, word));
  }
}
