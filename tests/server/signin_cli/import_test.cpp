#include "server/signin_cli/import.hpp"

#include <catch2/catch.hpp>
#include <deque>

#include "tests/server/session_files/fixture.hpp"

using namespace server;

namespace {

class Listener final : public Console {
 public:
  void say(const std::string& text) override { heard += text + "\n"; }
  std::optional<std::string> ask(const std::string&, bool) override { return std::nullopt; }

  std::string heard;
};

}  // namespace

TEST_CASE("an imported session is the line that signing in gives") {
  using namespace session_file_test;
  const support::TemporaryFolder folder;
  const auto path = make_database(folder, telethon_tables + telethon_row(1, key_literal(0)));
  Listener person;
  const auto outcome = import_session(path.string(), person);
  CHECK(outcome.error.empty());
  CHECK(outcome.session_line.starts_with(R"({"id": 1, "session": {"auth_key": "AAECAwQFBgcICQoL)"));
  CHECK(outcome.session_line.ends_with(R"(+/w==", "dc": 1}})"));
  CHECK(has(person.heard, "A session of Telethon, at home in data centre 1."));
  CHECK(has(person.heard, "Whether somebody is signed in by it the file does not say."));
  CHECK(has(person.heard, "one program at a time"));
  CHECK_FALSE(has(person.heard, "AAECAwQF"));
  CHECK(import_session(path.string(), person, tl::Notation::automatic)
            .session_line.starts_with(R"({"id": 1, "options": {"json": "auto"}, "session": {)"));
}

TEST_CASE("an imported session has user and application where the file says them") {
  using namespace session_file_test;
  const support::TemporaryFolder folder;
  const auto path =
      make_database(folder,
                    "CREATE TABLE sessions(dc_id INTEGER PRIMARY KEY, api_id INTEGER, test_mode "
                    "INTEGER, auth_key "
                    "BLOB, user_id INTEGER); INSERT INTO sessions VALUES(2, 12345, 1, " +
                        key_literal(0) + ", 1000101)");
  Listener person;
  const auto outcome = import_session(path.string(), person);
  CHECK(
      outcome.session_line.ends_with(R"(+/w==", "dc": 2, "api_id": 12345, "user_id": 1000101}})"));
  CHECK(has(person.heard, "data centre 2, user 1000101."));
  CHECK(has(person.heard, "test environment"));
}

TEST_CASE("a file that can't be imported gives an error and no line") {
  Listener person;
  const auto outcome = import_session("/dev/null", person);
  CHECK(outcome.session_line.empty());
  CHECK(session_file_test::has(outcome.error, "/dev/null: not a regular file"));
}
