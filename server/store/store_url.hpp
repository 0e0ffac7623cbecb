// Where a store is: --store URL.
//
//   sqlite:PATH[?synchronous=full|normal]   a file, and two beside it while it is open
//   sqlite::memory:                         gone with the process
//   postgresql://…, postgres://…            libpq's own, with all its parameters
//
// postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING
#pragma once

#include <string>
#include <string_view>

#include "server/store/store_error.hpp"

namespace server::store {

struct StoreUrl {
  enum class Engine { sqlite, postgres };

  Engine engine = Engine::sqlite;
  std::string path;         // SQLite: the file; empty: in memory
  bool synchronous = true;  // SQLite: a commit waits for the disk
  std::string text;         // PostgreSQL: as it was given; secret, may hold a password

  // "sqlite:/srv/store.db", "postgresql://db.example.org:5432/tg": fit to be printed.
  std::string shown;

  bool in_memory() const { return engine == Engine::sqlite && path.empty(); }
};

// The error repeats nothing of the text.
StoreResult<StoreUrl> read_store_url(std::string_view text);

}  // namespace server::store
