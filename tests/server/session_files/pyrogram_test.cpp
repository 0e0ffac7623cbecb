#include <catch2/catch.hpp>

#include "tests/server/session_files/fixture.hpp"

using namespace session_file_test;

namespace {

const std::string pyrogram_tables =
    "CREATE TABLE sessions(dc_id INTEGER PRIMARY KEY, api_id INTEGER, test_mode INTEGER,"
    " auth_key BLOB, date INTEGER NOT NULL, user_id INTEGER, is_bot INTEGER);"
    "CREATE TABLE version(number INTEGER PRIMARY KEY); INSERT INTO version VALUES(3);";

std::string pyrogram_row(const std::string& key, const std::string& user,
                         const std::string& test = "0") {
  return "INSERT INTO sessions VALUES(4, 12345, " + test + ", " + key + ", 0, " + user + ", 0)";
}

}  // namespace

TEST_CASE("Pyrogram's session is read, with its user, its application and its environment") {
  const support::TemporaryFolder folder;
  const auto found =
      read(make_database(folder, pyrogram_tables + pyrogram_row(key_literal(5), "1000101", "1")));
  REQUIRE(found);
  CHECK(found->library == "Pyrogram");
  CHECK(found->dc == mtproto::DcId(4));
  REQUIRE(is_key(found, 5));
  CHECK(found->user_id == 1000101);
  CHECK(found->api_id == 12345);
  CHECK(found->test == true);
}

TEST_CASE("Pyrogram's older sessions have no api_id, its forks' have an address") {
  for (const auto* column : {"", "server_address TEXT, port INTEGER,"}) {
    const support::TemporaryFolder folder;
    const auto found = read(make_database(
        folder, "CREATE TABLE sessions(dc_id INTEGER PRIMARY KEY, " + std::string(column) +
                    " test_mode INTEGER, auth_key BLOB, date INTEGER, user_id INTEGER, is_bot "
                    "INTEGER); INSERT INTO sessions(dc_id, test_mode, auth_key, user_id) VALUES(2, "
                    "0, " +
                    key_literal(6) + ", 7)"));
    REQUIRE(found);
    CHECK(found->library == "Pyrogram");
    REQUIRE(is_key(found, 6));
    CHECK(found->user_id == 7);
    CHECK_FALSE(found->api_id);
    CHECK(found->test == false);
  }
}

TEST_CASE("Pyrogram's key before the sign-in is said to be nobody's") {
  for (const auto* user : {"NULL", "0"}) {
    const support::TemporaryFolder folder;
    const auto found =
        read(make_database(folder, pyrogram_tables + pyrogram_row(key_literal(5), user)));
    CHECK(has(error_of(found), "nobody is signed in"));
  }
}

TEST_CASE("Pyrogram's session before it connected has no key") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(folder, pyrogram_tables + pyrogram_row("NULL", "NULL")));
  CHECK(has(error_of(found), "no key in it"));
}

TEST_CASE("Pyrogram's session of several rows is not guessed at") {
  const support::TemporaryFolder folder;
  const auto row = pyrogram_row(key_literal(5), "1");
  const auto found = read(
      make_database(folder, pyrogram_tables + row + "; UPDATE sessions SET dc_id = 2; " + row));
  CHECK(has(error_of(found), "several rows"));
}
