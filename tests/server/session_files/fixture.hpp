// Files as other programs leave them, in a folder of the test's own, and the person who is asked.
#pragma once

#include <sqlite3.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/session_files/disk_files.hpp"
#include "server/session_files/session_file.hpp"
#include "server/session_files/sqlite_memory.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/temporary_folder.hpp"

namespace session_file_test {

namespace fs = std::filesystem;
using server::session_files::FoundSession;
using server::session_files::Outcome;

inline tl::Bytes key_bytes(std::uint8_t first) {
  tl::Bytes out(256);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(first + i);
  return out;
}

// As SQL writes it.
inline std::string key_literal(std::uint8_t first) {
  return "x'" + support::hex(key_bytes(first)) + "'";
}

class Answers final : public server::session_files::Person {
 public:
  std::optional<mtproto::SecretBytes> secret(const std::string& prompt) override {
    prompts.push_back(prompt);
    if (secrets.empty()) return std::nullopt;
    mtproto::SecretBytes out(tl::as_bytes(secrets.front()));
    secrets.pop_front();
    return out;
  }
  std::optional<std::size_t> choice(const std::string& question,
                                    const std::vector<std::string>& of) override {
    prompts.push_back(question);
    offered = of;
    return chosen;
  }
  void say(const std::string& sentence) override { said.push_back(sentence); }

  std::deque<std::string> secrets;
  std::optional<std::size_t> chosen;
  std::vector<std::string> prompts, offered, said;
};

inline Outcome<FoundSession> read(const fs::path& path, Answers& person) {
  return read_session_file(server::session_files::DiskFiles(), path, person);
}

inline Outcome<FoundSession> read(const fs::path& path) {
  Answers nobody;
  return read(path, nobody);
}

inline std::string error_of(const Outcome<FoundSession>& found) {
  return found ? "no error" : found.error();
}

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

inline bool is_key(const Outcome<FoundSession>& found, std::uint8_t first) {
  return found && std::ranges::equal(found->auth_key.bytes(), key_bytes(first));
}

inline std::optional<bool> test_of(const Outcome<FoundSession>& found) {
  return found ? found->test : std::nullopt;
}

// A database that is being written.
class OpenDatabase {
 public:
  explicit OpenDatabase(const fs::path& path, const std::string& sql = "") {
    server::session_files::start_sqlite();
    sqlite3* opened = nullptr;
    sqlite3_open(path.c_str(), &opened);
    database_.reset(opened);
    run("PRAGMA synchronous = OFF;" + sql);
  }
  void run(const std::string& sql) {
    if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(database_.get()));
    }
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
};

inline fs::path make_database(const support::TemporaryFolder& folder, const std::string& sql) {
  const auto path = folder.path() / "a.session";
  OpenDatabase(path, sql);
  return path;
}

inline const std::string telethon_tables =
    "CREATE TABLE version(version integer primary key); INSERT INTO version VALUES(7);"
    "CREATE TABLE sessions(dc_id integer primary key, server_address text, port integer,"
    " auth_key blob, takeout_id integer);"
    "CREATE TABLE entities(id integer primary key, hash integer not null, name text);";

inline std::string telethon_row(int dc, const std::string& key) {
  return "INSERT INTO sessions VALUES(" + std::to_string(dc) + ", '127.0.0.1', 443, " + key +
         ", NULL);";
}

}  // namespace session_file_test
