// A SQLite database of another program, which is hostile until it was read: no views, triggers or
// functions of its own run, and there is an end to rows, to their length and to the work.
// sqlite.org/security.html
#pragma once

#include <memory>
#include <vector>

#include "server/session_files/found_session.hpp"
#include "server/session_files/memory_vfs.hpp"

namespace server::session_files {

// How each such file begins.
inline constexpr std::string_view database_magic{"SQLite format 3\0", 16};

// A value of a row: none of both for NULL and for numbers with a fraction.
struct Cell {
  std::optional<std::int64_t> number;
  std::optional<mtproto::SecretBytes> bytes;  // of a blob or a text

  tl::ByteView view() const { return bytes ? bytes->bytes() : tl::ByteView(); }
};

class Database {
 public:
  static Outcome<Database> open(DatabaseFiles);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  bool has_table(const std::string& name);
  // A name that is nobody's guess: it goes into SQL as it is, and so does `table`.
  bool has_column(const std::string& table, const std::string& column);
  // What a SELECT gives, at most `most` rows; the first columns are wanted in each.
  Outcome<std::vector<std::vector<Cell>>> rows(const std::string& select, std::size_t most);

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };

  explicit Database(DatabaseFiles);
  int set_up();

  std::unique_ptr<MemoryVfs> vfs_;  // outlives the connection
  std::unique_ptr<int> steps_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace server::session_files
