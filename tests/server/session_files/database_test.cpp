// What any database may be: in use, cut off, damaged, somebody else's.
#include "server/session_files/sqlite_sessions.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/server/session_files/fixture.hpp"

using namespace session_file_test;
using server::session_files::Database;

namespace {

// What lies on disk at this moment, as a program leaves it that is killed.
fs::path copy_of(const fs::path& from, const support::TemporaryFolder& to,
                 const std::vector<std::string>& endings) {
  const auto path = to.path() / "copy.session";
  fs::copy_file(from, path);
  for (const auto& ending : endings) {
    fs::copy_file(from.string() + ending, path.string() + ending);
  }
  return path;
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    out.push_back(entry.path().filename().string() + " " + std::to_string(entry.file_size()));
  }
  std::ranges::sort(out);
  return out;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Outcome<FoundSession> read_bytes(const std::string& bytes) {
  auto database = Database::open({mtproto::SecretBytes(tl::as_bytes(bytes)), {}, {}});
  if (!database) return database.error();
  return server::session_files::read_database_session(*database);
}

}  // namespace

TEST_CASE("a database whose content is all in its log is read with it, and nothing is written") {
  const support::TemporaryFolder live, folder;
  OpenDatabase open(live.path() / "a", "PRAGMA journal_mode = WAL;" + telethon_tables);
  open.run(telethon_row(1, key_literal(1)));
  open.run("UPDATE sessions SET dc_id = 2, auth_key = " + key_literal(2));
  const auto path = copy_of(live.path() / "a", folder, {"-wal"});
  const auto before = files_in(folder.path());
  const auto found = read(path);
  REQUIRE(is_key(found, 2));
  CHECK(found->dc == mtproto::DcId(2));
  CHECK(files_in(folder.path()) == before);
}

TEST_CASE("a log without its end counts as far as it was written") {
  const support::TemporaryFolder live, folder;
  OpenDatabase open(live.path() / "a", "PRAGMA journal_mode = WAL;" + telethon_tables +
                                           telethon_row(2, key_literal(1)));
  const auto whole = fs::file_size(live.path() / "a-wal");
  open.run("UPDATE sessions SET auth_key = " + key_literal(2));
  const auto path = copy_of(live.path() / "a", folder, {"-wal"});
  fs::resize_file(path.string() + "-wal", whole + 1000);
  CHECK(is_key(read(path), 1));
}

TEST_CASE("a database in the midst of a log without that log is said to lack it") {
  const support::TemporaryFolder live, folder;
  OpenDatabase open(live.path() / "a", "PRAGMA journal_mode = WAL;" + telethon_tables);
  const auto path = copy_of(live.path() / "a", folder, {});
  CHECK(has(error_of(read(path)), "copy.session-wal beside it?"));
}

TEST_CASE("a change that was cut off is taken back, in memory alone") {
  const support::TemporaryFolder live, folder;
  OpenDatabase open(live.path() / "a", telethon_tables + telethon_row(2, key_literal(1)));
  // More than a cache of one page holds goes to the file before it is committed.
  open.run("PRAGMA cache_size = 1; BEGIN; UPDATE sessions SET auth_key = " + key_literal(2) +
           "; CREATE TABLE large(x); INSERT INTO large VALUES(zeroblob(100000))");
  const auto path = copy_of(live.path() / "a", folder, {"-journal"});
  const auto before = files_in(folder.path());
  CHECK(is_key(read(path), 1));
  CHECK(files_in(folder.path()) == before);
  fs::remove(path.string() + "-journal");
  CHECK_FALSE(is_key(read(path), 1));
}

TEST_CASE("a database that another process has open is not read, and which one it is is said") {
  const support::TemporaryFolder folder;
  const auto path = make_database(folder, telethon_tables + telethon_row(2, key_literal(1)));
  int ready[2], done[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(done) == 0);
  const auto child = ::fork();
  if (child == 0) {
    const std::ifstream open(path);
    ::close(done[1]);
    char c = 0;
    if (::write(ready[1], "x", 1) == 1 && ::read(done[0], &c, 1) >= 0) ::_exit(0);
    ::_exit(1);
  }
  char c = 0;
  REQUIRE(::read(ready[0], &c, 1) == 1);
  const auto error = error_of(read(path));
  ::close(done[1]);
  ::waitpid(child, nullptr, 0);
  for (const int end : {ready[0], ready[1], done[0]}) ::close(end);
  CHECK(has(error, "(process " + std::to_string(child) + ") has it open"));
  CHECK(is_key(read(path), 1));
}

TEST_CASE("views and virtual tables are no sessions") {
  for (const auto* sql :
       {"CREATE VIEW sessions AS SELECT 2 AS dc_id, x'00' AS auth_key",
        "CREATE VIEW sessions AS WITH RECURSIVE n(dc_id) AS (SELECT 1 UNION ALL SELECT dc_id + 1 "
        "FROM n) SELECT dc_id, x'00' AS auth_key FROM n",
        "CREATE VIRTUAL TABLE sessions USING fts5(dc_id, auth_key)"}) {
    const support::TemporaryFolder folder;
    CHECK(has(error_of(read(make_database(folder, sql))), "none of Telethon"));
  }
}

TEST_CASE("a query without an end is ended") {
  const support::TemporaryFolder folder;
  const auto bytes = bytes_of(make_database(folder, telethon_tables));
  auto database = Database::open({mtproto::SecretBytes(tl::as_bytes(bytes)), {}, {}});
  REQUIRE(database);
  // Of three tables, 3^16 rows.
  std::string from = "sqlite_master a", sum = "a.rootpage";
  for (char name = 'b'; name <= 'p'; ++name) {
    from += std::string(", sqlite_master ") + name;
    sum += std::string(" + ") + name + ".rootpage";
  }
  const auto rows = database->rows("SELECT a.sql FROM " + from + " WHERE " + sum + " < 0", 1);
  CHECK(has(rows ? "an end" : rows.error(), "interrupted"));
  CHECK_FALSE(database->rows("DELETE FROM sessions", 1));
  CHECK_FALSE(database->rows("SELECT randomblob(9)", 1));
}

TEST_CASE("a damaged database is refused or read, whichever byte is wrong or the last") {
  const support::TemporaryFolder folder;
  const auto whole =
      bytes_of(make_database(folder, telethon_tables + telethon_row(2, key_literal(1))));
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += at < 120 ? 1 : 61) {
    auto bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0xff);
    if (!read_bytes(bytes)) ++refused;
    const auto shorter = read_bytes(whole.substr(0, at));
    CHECK((!shorter || is_key(shorter, 1)));
    if (at < 8192) CHECK_FALSE(shorter);
  }
  CHECK(refused > 20);
}

TEST_CASE("a database of another program is said to be one") {
  const support::TemporaryFolder folder;
  CHECK(has(error_of(read(make_database(folder, "CREATE TABLE moz_cookies(id)"))),
            "none of Telethon, Pyrogram or mtcute"));
}

namespace {

std::vector<unsigned char> freed;

// 0: all that was freed was wiped.
int free_what_holds_sevens() {
  sqlite3_mem_methods under{};
  under.xMalloc = [](int size) { return std::malloc(static_cast<std::size_t>(size)); };
  under.xSize = [](void*) { return 16; };
  under.xFree = [](void* at) {
    freed.assign(static_cast<unsigned char*>(at), static_cast<unsigned char*>(at) + 16);
    std::free(at);
  };
  const auto wiping = server::session_files::wiping_methods(under);
  const std::vector<unsigned char> zeros(16, 0);
  auto* at = static_cast<unsigned char*>(wiping.xMalloc(16));
  std::fill_n(at, 16, static_cast<unsigned char>(7));
  at = static_cast<unsigned char*>(wiping.xRealloc(at, 16));
  if (freed != zeros || at[15] != 7) return 1;
  freed.clear();
  wiping.xFree(at);
  return freed == zeros ? 0 : 2;
}

}  // namespace

TEST_CASE("SQLite's memory is wiped before it is freed") {
  // In a process of its own, since this one's SQLite uses the same functions.
  const auto child = ::fork();
  if (child == 0) ::_exit(free_what_holds_sevens());
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
}
