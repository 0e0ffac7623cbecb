// A store in PostgreSQL 13 or newer, by libpq. A connection that broke stays broken: whoever opened
// it opens another one.
// postgresql.org/docs/15/libpq-exec.html
#pragma once

#include <map>
#include <memory>
#include <string>

#include "server/store/database.hpp"
#include "server/store/postgres_library.hpp"
#include "server/store/store_url.hpp"

namespace server::store {

// By the five characters of errcodes in PostgreSQL's appendix A.
StoreErrc named_sqlstate(std::string_view state);

class PostgresDatabase final : public Database {
 public:
  static StoreResult<std::unique_ptr<Database>> open(const StoreUrl&);

  StoreResult<Answer> run(std::string_view sql, Parameters) override;
  StoreStatus begin(Mode) override;
  StoreStatus commit() override;
  void roll_back() override;
  StoreStatus claim(Claim) override;
  StoreResult<bool> has_table(std::string_view name) override;
  StoreResult<std::string> check() override { return std::string(); }
  StoreStatus purge() override { return {}; }

 private:
  struct Finish {
    const PostgresLibrary* pq;
    void operator()(PGconn* connection) const { pq->PQfinish(connection); }
  };
  struct Clear {
    const PostgresLibrary* pq;
    void operator()(PGresult* result) const { pq->PQclear(result); }
  };
  using Result = std::unique_ptr<PGresult, Clear>;

  explicit PostgresDatabase(const PostgresLibrary& pq)
      : pq_(pq), connection_(nullptr, Finish{&pq}) {}

  StoreStatus connect(const StoreUrl&);
  StoreStatus execute(const char* sql);
  StoreResult<const std::string*> prepared(std::string_view sql);
  Result own(PGresult* result) const { return Result(result, Clear{&pq_}); }
  bool succeeded(const Result&) const;
  StoreError error(const Result&) const;
  Cell cell_of(const Result&, int row, int column) const;

  const PostgresLibrary& pq_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::map<std::string, std::string, std::less<>> statements_;  // their names, by their text
};

}  // namespace server::store
