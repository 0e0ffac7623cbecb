// Leases in a real PostgreSQL, and writes that name one.
#include "server/store/lease_table.hpp"

#include <future>
#include <thread>

#include "server/store/transaction.hpp"
#include "tests/server/store/store_fixture.hpp"

using namespace store_test;
using namespace std::chrono_literals;

namespace {

const LeaseNode one{"one", "https://one.example:8443"}, two{"two", "https://two.example:8443"};

// Two nodes on one PostgreSQL; none where that is not installed.
struct Nodes {
  std::optional<Place> place;
  std::unique_ptr<AccountStore> first, second;

  Nodes() {
    if (lasting_engines().back() != "postgres") return;
    place.emplace("postgres");
    first = place->open();
    second = place->open();
    REQUIRE(first->accounts().add(account("ada"), 1));
  }
  explicit operator bool() const { return place.has_value(); }

  LeaseMark take(const LeaseNode& node, std::string_view name = "ada",
                 std::chrono::milliseconds ttl = 60s) {
    const auto got = first->leases().take(name, node, ttl);
    REQUIRE(got);
    return {node.id, got->epoch};
  }
  // As though so much time had passed.
  void pass(std::chrono::milliseconds time) {
    const Parameter by[] = {std::int64_t{time.count()}};
    REQUIRE(first->database().run("UPDATE leases SET expires = expires - $1::bigint", by));
  }
};

std::vector<std::string> names(const StoreResult<std::vector<Lease>>& leases) {
  REQUIRE(leases);
  std::vector<std::string> out;
  for (const auto& lease : *leases) out.push_back(lease.account);
  std::ranges::sort(out);
  return out;
}

StoreErrc code(const auto& result) { return result ? StoreErrc::failed : result.error().code; }

}  // namespace

TEST_CASE("a lease is one node's until it expires, and whoever asks is told whose") {
  Nodes nodes;
  if (!nodes) return;
  auto& leases = nodes.second->leases();
  const auto mark = nodes.take(one);
  CHECK(mark.epoch > 0);
  auto refused = leases.take("ada", two, 60s);
  REQUIRE(refused);
  CHECK(refused->epoch == 0);
  CHECK(refused->other.id == "one");
  CHECK(refused->other.url == one.url);
  CHECK(refused->left_ms > 50'000);
  nodes.pass(59s);
  CHECK(leases.take("ada", two, 60s)->epoch == 0);
  nodes.pass(1s);
  const auto taken = leases.take("ada", two, 60s);
  CHECK(taken->epoch > mark.epoch);
  CHECK(taken->other.id == "one");
}

TEST_CASE("a node that takes its own lease again has another epoch") {
  Nodes nodes;
  if (!nodes) return;
  const auto mark = nodes.take(one);
  const auto again = nodes.first->leases().take("ada", one, 60s);
  CHECK(again->epoch > mark.epoch);
  CHECK(again->other.id.empty());
}

TEST_CASE("one statement renews all that a node has, but what has expired") {
  Nodes nodes;
  if (!nodes) return;
  auto& leases = nodes.first->leases();
  nodes.take(one, "eve", 10s);
  nodes.pass(20s);
  nodes.take(one, "ada");
  nodes.take(one, "bob");
  nodes.take(two, "zoe");
  CHECK(names(leases.renew("one", 120s)) == std::vector<std::string>{"ada", "bob"});
  const auto rows = *leases.list();
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].account == "ada");
  CHECK(rows[0].left_ms > 110'000);
  CHECK(rows[2].account == "eve");
  CHECK(rows[2].left_ms <= 0);
  CHECK(rows[3].left_ms <= 60'000);
}

TEST_CASE("a lease that was given back is free at once, and only under its epoch") {
  Nodes nodes;
  if (!nodes) return;
  auto& leases = nodes.first->leases();
  const auto mark = nodes.take(one);
  const Lease old[] = {{"ada", mark.epoch - 1}}, own[] = {{"ada", mark.epoch}};
  REQUIRE(leases.give_back("one", old));
  REQUIRE(leases.give_back("two", own));
  CHECK(leases.take("ada", two, 60s)->epoch == 0);
  REQUIRE(leases.give_back("one", own));
  const auto taken = leases.take("ada", two, 60s);
  CHECK(taken->epoch > mark.epoch);
  CHECK(taken->other.id.empty());
  REQUIRE(leases.give_back_all("two"));
  CHECK(leases.list()->empty());
}

// However soon that is.
TEST_CASE("a lease that is taken again has a higher epoch than before it was given back") {
  Nodes nodes;
  if (!nodes) return;
  auto& leases = nodes.first->leases();
  std::vector<std::int64_t> epochs;
  for (int i = 0; i < 50; ++i) {
    epochs.push_back(nodes.take(one).epoch);
    REQUIRE(leases.give_back_all("one"));
  }
  CHECK(std::ranges::adjacent_find(epochs, std::greater_equal<>()) == epochs.end());
}

TEST_CASE("of several that want a lease at once one gets it") {
  Nodes nodes;
  if (!nodes) return;
  std::vector<std::future<bool>> tries;
  for (int i = 0; i < 6; ++i) {
    tries.push_back(std::async(std::launch::async, [&nodes, i] {
      const auto store = nodes.place->try_open();
      return (*store)->leases().take("ada", {"n" + std::to_string(i), ""}, 60s)->epoch != 0;
    }));
  }
  CHECK(std::ranges::count_if(tries, [](auto& one) { return one.get(); }) == 1);
}

TEST_CASE("accounts that stay connected and that nobody has are found, others not") {
  Nodes nodes;
  if (!nodes) return;
  auto& store = *nodes.first;
  auto& leases = nodes.second->leases();
  for (const auto* name : {"bob", "eve", "zoe"}) {
    REQUIRE(store.accounts().add(account(name), 1));
    REQUIRE(store.accounts().set_keep(name, Keep::always, 1));
  }
  StoredWebhook hook;
  hook.account = "ada";
  hook.name = "ops";
  hook.url = "https://example.org/";
  hook.secret = mtproto::SecretBytes(24);
  REQUIRE(store.accounts().add(account("ivy"), 1));
  REQUIRE(store.webhooks().put(hook, 1));
  nodes.take(one, "eve", 10s);
  nodes.pass(20s);
  nodes.take(one, "bob");
  auto found = *leases.unowned(10);
  std::ranges::sort(found);
  CHECK(found == std::vector<std::string>{"ada", "eve", "zoe"});
  CHECK(leases.unowned(2)->size() == 2);
}

TEST_CASE("rows of leases that expired long ago are swept away") {
  Nodes nodes;
  if (!nodes) return;
  nodes.take(one, "ada");
  nodes.pass(25h);
  nodes.take(one, "bob");
  REQUIRE(nodes.first->leases().sweep());
  CHECK(nodes.first->leases().list()->size() == 1);
}

TEST_CASE("whatever is written under an old lease is refused, and nothing of it is there") {
  Nodes nodes;
  if (!nodes) return;
  auto& store = *nodes.first;
  StoredWebhook hook;
  hook.account = "ada";
  hook.name = "ops";
  hook.url = "https://example.org/";
  hook.secret = mtproto::SecretBytes(24);
  const auto webhook = store.webhooks().put(hook, 1);
  REQUIRE(webhook);
  const auto old = nodes.take(one);
  REQUIRE(store.log().append("ada", 1, updates(1, 2), "s2", 1, old));
  nodes.pass(60s);
  const auto now = nodes.take(two);
  auto progress = webhook->progress;
  progress.delivered = 1;

  CHECK(code(store.log().append("ada", 3, updates(3, 3), "s3", 2, old)) == StoreErrc::lease_lost);
  CHECK(code(store.log().prune("ada", 0, 0, old)) == StoreErrc::lease_lost);
  CHECK(code(store.accounts().save(account("ada", 9), 2, old)) == StoreErrc::lease_lost);
  CHECK(code(store.accounts().remove("ada", old)) == StoreErrc::lease_lost);
  CHECK(code(store.webhooks().set_progress("ada", "ops", webhook->changed, progress, old)) ==
        StoreErrc::lease_lost);
  CHECK(store.accounts().find("ada")->update_state == "s2");
  CHECK(store.accounts().find("ada")->log_number == 2);
  CHECK(store.log().range("ada")->oldest == 1);
  CHECK(store.webhooks().find("ada", "ops")->progress.delivered == 0);

  CHECK(store.log().append("ada", 3, updates(3, 3), "s3", 2, now));
  CHECK(*store.webhooks().set_progress("ada", "ops", webhook->changed, progress, now));
  CHECK(*store.log().prune("ada", 1, 0, now) == 2);
  CHECK(code(store.log().append("eve", 1, updates(1, 1), "s", 2, nodes.take(two, "eve"))) ==
        StoreErrc::no_such_account);
  CHECK(store.accounts().save(account("ada", 9), 2, now));
  CHECK(store.accounts().remove("ada", now));
}

TEST_CASE("a lease is not taken while a write under it is on its way, and renewed all the same") {
  Nodes nodes;
  if (!nodes) return;
  const auto mark = nodes.take(one);
  nodes.pass(60s);
  std::future<StoreResult<LeaseOffer>> taking;
  {
    Transaction write(nodes.first->database(), Database::Mode::write);
    hold_lease(write, "ada", mark);
    REQUIRE(write.ok());
    taking = std::async(std::launch::async,
                        [&] { return nodes.second->leases().take("ada", two, 60s); });
    CHECK(taking.wait_for(200ms) == std::future_status::timeout);
    CHECK(write.commit());
  }
  CHECK(taking.get()->epoch > mark.epoch);

  const auto next = nodes.take(two);
  Transaction write(nodes.first->database(), Database::Mode::write);
  hold_lease(write, "ada", next);
  CHECK(names(nodes.second->leases().renew("two", 60s)) == std::vector<std::string>{"ada"});
  CHECK(write.commit());
}

TEST_CASE("a write that waited for a lease that was taken meanwhile is refused") {
  Nodes nodes;
  if (!nodes) return;
  const auto mark = nodes.take(one);
  nodes.pass(60s);
  Transaction taking(nodes.second->database(), Database::Mode::write);
  taking.change("UPDATE leases SET node = 'two', epoch = epoch + 1 WHERE account = 'ada'");
  auto written = std::async(std::launch::async, [&] {
    return nodes.first->log().append("ada", 1, updates(1, 1), "s1", 1, mark);
  });
  CHECK(written.wait_for(200ms) == std::future_status::timeout);
  REQUIRE(taking.commit());
  CHECK(code(written.get()) == StoreErrc::lease_lost);
}

TEST_CASE("a transaction that its node left open keeps nobody from a lease for long") {
  Nodes nodes;
  if (!nodes) return;
  const auto mark = nodes.take(one);
  nodes.pass(60s);
  REQUIRE(nodes.first->leases().limit_open_transactions(300ms));
  Transaction left_open(nodes.first->database(), Database::Mode::write);
  hold_lease(left_open, "ada", mark);
  REQUIRE(left_open.ok());
  CHECK(nodes.second->leases().take("ada", two, 60s)->epoch > mark.epoch);
  CHECK(code(left_open.commit()) == StoreErrc::unavailable);
}
