// A store in one file, by SQLite. The file is made for its owner alone, with a write-ahead log
// beside it: readers do not wait for who writes.
// sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <string>

#include "server/store/database.hpp"
#include "server/store/store_url.hpp"

namespace server::store {

class SqliteDatabase final : public Database {
 public:
  // Made where it is not there.
  static StoreResult<std::unique_ptr<Database>> open(const StoreUrl&);

  StoreResult<Answer> run(std::string_view sql, Parameters) override;
  StoreStatus begin(Mode) override;
  StoreStatus commit() override;
  void roll_back() override;
  StoreStatus claim(Claim) override;
  StoreResult<bool> has_table(std::string_view name) override;
  StoreResult<std::string> check() override;
  StoreStatus purge() override;

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  SqliteDatabase() = default;
  StoreStatus set_up(const StoreUrl&);
  StoreResult<sqlite3_stmt*> prepared(std::string_view sql);
  StoreError error() const;

  std::unique_ptr<sqlite3, Close> database_;
  std::map<std::string, Statement, std::less<>> statements_;  // go before it
};

}  // namespace server::store
