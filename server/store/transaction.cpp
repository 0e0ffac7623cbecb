#include "server/store/transaction.hpp"

namespace server::store {

Transaction::Transaction(Database& database, Database::Mode mode) : database_(database) {
  const auto begun = database.begin(mode);
  open_ = begun.has_value();
  if (!begun) note(begun.error());
}

Transaction::~Transaction() {
  if (open_) database_.roll_back();
}

std::vector<Row> Transaction::rows(std::string_view sql,
                                   std::initializer_list<Parameter> parameters) {
  return run(sql, parameters).rows;
}

std::int64_t Transaction::change(std::string_view sql,
                                 std::initializer_list<Parameter> parameters) {
  return run(sql, parameters).changed;
}

Answer Transaction::run(std::string_view sql, Parameters parameters) {
  if (!ok()) return {};
  auto answer = database_.run(sql, parameters);
  if (answer) return std::move(*answer);
  note(answer.error());
  return {};
}

void Transaction::claim(Database::Claim claim) {
  if (!ok()) return;
  if (const auto done = database_.claim(claim); !done) note(done.error());
}

bool Transaction::has_table(std::string_view name) {
  if (!ok()) return false;
  const auto found = database_.has_table(name);
  if (!found) note(found.error());
  return found && *found;
}

StoreStatus Transaction::commit() {
  if (!ok()) return *error_;
  const auto done = database_.commit();
  // Where it failed there is still something to roll back.
  if (done) open_ = false;
  return done;
}

void Transaction::note(StoreError error) {
  if (!error_) error_ = std::move(error);
}

}  // namespace server::store
