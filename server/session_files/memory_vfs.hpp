// A database and what lies beside it, as SQLite's file system: all in memory. SQLite itself then
// reads the log of a database, or takes a change back that was cut off, and no file of the person
// is written, locked or made.
// sqlite.org/vfs.html
#pragma once

#include <sqlite3.h>

#include <array>
#include <string>

#include "mtproto/crypto/secret.hpp"

namespace server::session_files {

struct DatabaseFiles {
  mtproto::SecretBytes database;
  mtproto::SecretBytes log;      // NAME-wal; empty: there is none
  mtproto::SecretBytes journal;  // NAME-journal
};

// A file of SQLite's. What it held is wiped.
class MemoryFile {
 public:
  explicit MemoryFile(mtproto::SecretBytes bytes) : room_(std::move(bytes)), size_(room_.size()) {}

  tl::ByteView bytes() const { return room_.bytes().first(size_); }
  // False, and as it was, where it would get too long.
  bool write(std::size_t at, tl::ByteView);
  bool resize(std::size_t size);

 private:
  mtproto::SecretBytes room_;  // its front is the file
  std::size_t size_;
};

class MemoryVfs {
 public:
  static constexpr const char* database_name = "session";

  explicit MemoryVfs(DatabaseFiles);
  // Behind the last connection.
  ~MemoryVfs();
  MemoryVfs(const MemoryVfs&) = delete;
  MemoryVfs& operator=(const MemoryVfs&) = delete;

  const char* name() const { return name_.c_str(); }
  // None where there can be no such file.
  MemoryFile* find(const char* file_name);

 private:
  std::array<MemoryFile, 3> files_;
  std::string name_;
  sqlite3_vfs vfs_{};
};

}  // namespace server::session_files
