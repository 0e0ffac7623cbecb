// Statements that count together or not at all. It is sticky: after the first failure the rest does
// nothing, and commit() says what it was. Rolled back where it ends without a commit.
#pragma once

#include <initializer_list>
#include <optional>

#include "server/store/database.hpp"

namespace server::store {

class Transaction {
 public:
  Transaction(Database&, Database::Mode);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  bool ok() const { return !error_; }
  // Only where it is not ok.
  const StoreError& error() const { return *error_; }
  void fail(StoreErrc code, std::string text) { note(StoreError{code, std::move(text)}); }

  std::vector<Row> rows(std::string_view sql, std::initializer_list<Parameter> = {});
  // How many rows it changed.
  std::int64_t change(std::string_view sql, std::initializer_list<Parameter> = {});
  void claim(Database::Claim);
  bool has_table(std::string_view name);
  StoreStatus commit();

 private:
  Answer run(std::string_view sql, Parameters);
  void note(StoreError);

  Database& database_;
  std::optional<StoreError> error_;
  bool open_ = false;
};

}  // namespace server::store
