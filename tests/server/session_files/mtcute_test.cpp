#include <catch2/catch.hpp>

#include "tests/server/session_files/fixture.hpp"

using namespace session_file_test;

namespace {

const std::string mtcute_tables =
    "CREATE TABLE mtcute_migrations(repo text not null primary key, version integer not null);"
    "CREATE TABLE auth_keys(dc integer primary key, key blob not null);"
    "CREATE TABLE temp_auth_keys(dc integer not null, idx integer not null, key blob not null,"
    " expires integer not null, primary key (dc, idx));"
    "CREATE TABLE key_value(key text primary key, value blob not null);";

std::string auth_key_row(int dc, std::uint8_t first) {
  return "INSERT INTO auth_keys VALUES(" + std::to_string(dc) + ", " + key_literal(first) + ");";
}
std::string value_row(const std::string& name, const std::string& hex) {
  return "INSERT INTO key_value VALUES('" + name + "', x'" + hex + "');";
}
const std::string ada = value_row("current_user", "0100000002000000a5420f000000000000000000");
// Data centre 1, of the address 127.0.0.1.
std::string home_row(const std::string& flags = "00") {
  return value_row("dc_main", "0201" + flags + "093132372e302e302e310000f35d0000");
}

}  // namespace

TEST_CASE("mtcute's session is read, of its home data centre") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(
      folder, mtcute_tables + auth_key_row(2, 2) + auth_key_row(1, 1) + home_row() + ada));
  REQUIRE(found);
  CHECK(found->library == "mtcute");
  CHECK(found->dc == mtproto::DcId(1));
  REQUIRE(is_key(found, 1));
  CHECK(found->user_id == 1000101);
  CHECK(found->test == false);
  CHECK(found->notes.empty());
}

TEST_CASE("mtcute's home is its default where none was recorded, and that is said") {
  const support::TemporaryFolder folder;
  const auto found =
      read(make_database(folder, mtcute_tables + auth_key_row(3, 3) + auth_key_row(2, 2) + ada));
  REQUIRE(is_key(found, 2));
  CHECK(found->dc == mtproto::DcId(2));
  CHECK_FALSE(found->test);
  REQUIRE(found->notes.size() == 1);
  CHECK(has(found->notes[0], "mtcute's own default, 2"));
}

TEST_CASE("mtcute's test environment is known where its home was recorded") {
  const support::TemporaryFolder folder;
  const auto found =
      read(make_database(folder, mtcute_tables + auth_key_row(1, 1) + home_row("04") + ada));
  REQUIRE(found);
  CHECK(found->test == true);
}

TEST_CASE("mtcute's temporary key is never taken") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(folder, mtcute_tables + auth_key_row(3, 3) + ada +
                                                    "INSERT INTO temp_auth_keys VALUES(2, 0, " +
                                                    key_literal(9) + ", 1)"));
  CHECK(has(error_of(found), "no key in it of data centre 2"));
}

TEST_CASE("mtcute's key after a log-out is said to be nobody's") {
  for (const auto& user : {std::string(), value_row("current_user", "")}) {
    const support::TemporaryFolder folder;
    const auto found = read(make_database(folder, mtcute_tables + auth_key_row(2, 2) + user));
    CHECK(has(error_of(found), "nobody is signed in"));
  }
}

TEST_CASE("mtcute's user is left out where its form is a newer one") {
  const support::TemporaryFolder folder;
  const auto found = read(make_database(
      folder, mtcute_tables + auth_key_row(2, 2) +
                  value_row("current_user", "0900000002000000a5420f000000000000000000")));
  REQUIRE(is_key(found, 2));
  CHECK_FALSE(found->user_id);
}

TEST_CASE("mtcute's home in a form that is not known is not guessed at") {
  for (const auto* home : {"09010000", "0201", "020000", "02"}) {
    const support::TemporaryFolder folder;
    const auto found = read(make_database(
        folder, mtcute_tables + auth_key_row(2, 2) + value_row("dc_main", home) + ada));
    CHECK(has(error_of(found), "dc_main"));
  }
}
