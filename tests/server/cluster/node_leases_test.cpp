// Leases on a thread of their own, on a table that grants each and renews none.
#include "server/cluster/node_leases.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "server/store/sqlite_database.hpp"
#include "server/upstream/pump.hpp"

using namespace server;
using namespace std::chrono_literals;
using cluster::LeasePointer;
using cluster::LeaseRefusal;

namespace {

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

store::StoreResult<std::unique_ptr<store::AccountStore>> open_table() {
  return store::AccountStore::open(std::make_unique<NoRenewals>(), store::MasterKey::random());
}

}  // namespace

TEST_CASE("until a lost lease is let go of, its thread is to look at each turn") {
  boost::asio::io_context loop;
  const auto work = boost::asio::make_work_guard(loop);
  cluster::NodeLeases leases({"node", ""}, 1500ms, open_table);
  bool told = false;
  const auto want = [&](std::string account, std::function<void()> lost) {
    told = false;
    auto then = [&](const LeasePointer& lease, const LeaseRefusal&) {
      CHECK(lease != nullptr);
      told = true;
    };
    const auto ticket = leases.want({std::move(account), loop.get_executor(), then, lost});
    while (!told) loop.run_one();
    return ticket;
  };
  std::optional<cluster::NodeLeases::Ticket> ada;
  bool lost = false;
  ada = want("ada", [&] { lost = true; });
  CHECK(leases.earliest() > upstream::boot_time());
  while (!lost) loop.run_one();
  // When the next one is there, all that the loss led to is done.
  want("bob", [] {});
  CHECK(leases.earliest() <= upstream::boot_time());
  leases.let_go("ada", *ada);
  want("eve", [] {});
  CHECK(leases.earliest() > upstream::boot_time());
}
