// A table of leases that grants each and renews none.
#pragma once

#include <memory>

#include "server/store/account_store.hpp"
#include "server/store/sqlite_database.hpp"

namespace cluster_test {

namespace store = server::store;

class NoRenewals final : public store::Database {
 public:
  store::StoreResult<store::Answer> run(std::string_view sql, store::Parameters given) override {
    if (sql.find("leases") == sql.npos) return real_->run(sql, given);
    if (sql.starts_with("UPDATE")) return store::StoreError{store::StoreErrc::failed, "not now"};
    store::Answer granted;
    if (sql.starts_with("WITH")) granted.rows.push_back({store::Cell(std::int64_t{7}), {}});
    return granted;
  }
  store::StoreStatus begin(Mode mode) override { return real_->begin(mode); }
  store::StoreStatus commit() override { return real_->commit(); }
  void roll_back() override { real_->roll_back(); }
  store::StoreStatus claim(Claim claim) override { return real_->claim(claim); }
  store::StoreResult<bool> has_table(std::string_view name) override {
    return real_->has_table(name);
  }
  store::StoreResult<std::string> check() override { return real_->check(); }
  store::StoreStatus purge() override { return real_->purge(); }

 private:
  std::unique_ptr<store::Database> real_ =
      *store::SqliteDatabase::open(*store::read_store_url("sqlite::memory:"));
};

inline store::StoreResult<std::unique_ptr<store::AccountStore>> open_table() {
  return store::AccountStore::open(std::make_unique<NoRenewals>(), store::MasterKey::random());
}

}  // namespace cluster_test
