// Leases on a thread of their own, on a table that grants each and renews none.
#include "server/cluster/node_leases.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "server/upstream/pump.hpp"
#include "tests/server/cluster/granting_table.hpp"

using namespace server;
using namespace std::chrono_literals;
using cluster::LeasePointer;
using cluster::LeaseRefusal;

TEST_CASE("until a lost lease is let go of, its thread is to look at each turn") {
  boost::asio::io_context loop;
  const auto work = boost::asio::make_work_guard(loop);
  cluster::NodeLeases leases({"node", ""}, 1500ms, cluster_test::open_table);
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
