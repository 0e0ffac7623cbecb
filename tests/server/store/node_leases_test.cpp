// Two nodes of one process on a real PostgreSQL, and what holders of leases are told.
#include "server/cluster/node_leases.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "server/upstream/pump.hpp"
#include "tests/server/store/store_fixture.hpp"

using namespace store_test;
using namespace std::chrono_literals;
using server::cluster::LeasePointer;
using server::cluster::LeaseRefusal;
using server::cluster::NodeLeases;

namespace {

struct Node {
  Node(const Place& place, const std::string& id, std::chrono::milliseconds ttl)
      : leases({id, "https://" + id}, ttl, [&place] { return place.try_open(); }) {}

  struct Told {
    NodeLeases::Ticket ticket = 0;
    LeasePointer lease;
    std::optional<StoreErrc> refused;
    std::string owner;
    bool lost = false;
  };

  std::shared_ptr<Told> want(const std::string& account) {
    auto told = std::make_shared<Told>();
    told->ticket = leases.want({account, loop.get_executor(),
                                [told](const LeasePointer& lease, const LeaseRefusal& refusal) {
                                  told->lease = lease;
                                  if (!lease) told->refused = refusal.error.code;
                                  told->owner = refusal.owner.url;
                                },
                                [told] { told->lost = true; }});
    return told;
  }
  template <class Is>
  bool until(Is is) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    loop.restart();
    while (!is() && std::chrono::steady_clock::now() < end) loop.run_one_until(end);
    return is();
  }
  std::shared_ptr<Told> hold(const std::string& account) {
    auto told = want(account);
    REQUIRE(until([&] { return told->lease || told->refused; }));
    return told;
  }

  boost::asio::io_context loop;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{
      loop.get_executor()};
  NodeLeases leases;
};

struct Two {
  std::optional<Place> place;
  std::unique_ptr<AccountStore> store;
  std::optional<Node> one, two;

  // A lease that nobody waits for outlasts any pause of the machine.
  explicit Two(std::chrono::milliseconds ttl = 10min) {
    if (lasting_engines().back() != "postgres") return;
    place.emplace("postgres");
    store = place->open();
    one.emplace(*place, "one", ttl);
    two.emplace(*place, "two", ttl);
  }
};

}  // namespace

TEST_CASE("what one node has another one is refused, until it is let go of") {
  Two nodes;
  if (!nodes.place) return;
  const auto held = nodes.one->hold("ada");
  REQUIRE(held->lease);
  CHECK(held->lease->mark().node == "one");
  CHECK_FALSE(held->lease->over(server::upstream::boot_time()));
  CHECK(nodes.one->leases.counts().held == 1);
  const auto refused = nodes.two->hold("ada");
  CHECK(refused->refused == StoreErrc::account_elsewhere);
  CHECK(refused->owner == "https://one");
  nodes.one->leases.let_go("ada", held->ticket);
  std::shared_ptr<Node::Told> taken;
  while (!taken || !taken->lease) taken = nodes.two->hold("ada");
  CHECK(taken->lease->mark().epoch > held->lease->mark().epoch);
  CHECK(nodes.two->leases.counts().taken_over == 0);
}

TEST_CASE("a lease passes to who wants it next on the same node, and the one before can't end it") {
  Two nodes;
  if (!nodes.place) return;
  const auto first = nodes.one->hold("ada");
  const auto second = nodes.one->hold("ada");
  CHECK(second->lease == first->lease);
  nodes.one->leases.let_go("ada", first->ticket);
  CHECK(nodes.one->hold("bob")->lease);  // behind that
  CHECK(nodes.two->hold("ada")->refused == StoreErrc::account_elsewhere);
}

TEST_CASE("a lease that another node took is told to be lost, and comes again when it may") {
  Two nodes(6s);  // renewed, and found to be lost, after 2 s
  if (!nodes.place) return;
  const auto held = nodes.one->hold("ada");
  REQUIRE(nodes.store->database().run("UPDATE leases SET node = 'two', epoch = epoch + 1", {}));
  REQUIRE(nodes.one->until([&] { return held->lost; }));
  CHECK(nodes.one->leases.counts().lost == 1);
  // Wanted before it was let go of.
  const auto again = nodes.one->want("ada");
  nodes.one->leases.let_go("ada", held->ticket);
  REQUIRE(nodes.one->until([&] { return again->lease || again->refused; }));
  CHECK(again->refused == StoreErrc::account_elsewhere);
}

TEST_CASE("a node that ends gives its leases back") {
  Two nodes;
  if (!nodes.place) return;
  nodes.one->hold("ada");
  nodes.one->hold("bob");
  nodes.one.reset();
  CHECK(nodes.store->leases().list()->empty());
}
