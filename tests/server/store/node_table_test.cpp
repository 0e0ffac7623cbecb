// Which nodes share a real PostgreSQL, and what each has.
#include "server/store/node_table.hpp"

#include "tests/server/store/store_fixture.hpp"

using namespace store_test;
using namespace std::chrono_literals;

namespace {

const LeaseNode near{"near", "https://near.example:8443"}, far{"far", ""};

// None where PostgreSQL is not installed.
std::optional<Place> shared_place() {
  if (lasting_engines().back() != "postgres") return {};
  return std::optional<Place>(std::in_place, "postgres");
}

void pass(AccountStore& store, std::chrono::milliseconds time) {
  const Parameter by[] = {std::int64_t{time.count()}};
  for (const auto* sql : {"UPDATE nodes SET expires = expires - $1::bigint",
                          "UPDATE leases SET expires = expires - $1::bigint"}) {
    REQUIRE(store.database().run(sql, by));
  }
}

// "far 0, near 2"
std::string shares(AccountStore& store) {
  const auto found = store.nodes().shares();
  REQUIRE(found);
  std::string out;
  for (const auto& [node, accounts] : *found) {
    out += (out.empty() ? "" : ", ") + node.id + " " + std::to_string(accounts);
  }
  return out;
}

}  // namespace

TEST_CASE("a node is there from its first word until it leaves or is silent for too long") {
  const auto place = shared_place();
  if (!place) return;
  const auto store = place->open();
  CHECK(shares(*store).empty());
  REQUIRE(store->nodes().here(near, 20s));
  REQUIRE(store->nodes().here(far, 20s));
  CHECK(shares(*store) == "far 0, near 0");
  CHECK(store->nodes().shares()->back().node.url == near.url);
  pass(*store, 15s);
  REQUIRE(store->nodes().here(near, 20s));
  pass(*store, 15s);
  CHECK(shares(*store) == "near 0");
  REQUIRE(store->nodes().leave("near"));
  CHECK(shares(*store).empty());
}

TEST_CASE("of a node's accounts those count that stay connected, while their leases last") {
  const auto place = shared_place();
  if (!place) return;
  const auto store = place->open();
  REQUIRE(store->nodes().here(near, 60s));
  REQUIRE(store->nodes().here(far, 60s));
  for (const auto* name : {"ada", "bob", "eve"}) {
    REQUIRE(store->accounts().add(account(name), 1));
    REQUIRE(store->leases().take(name, near, 10s));
  }
  CHECK(shares(*store) == "far 0, near 0");
  REQUIRE(store->accounts().set_keep("ada", Keep::always, 1));
  StoredWebhook hook;
  hook.account = "bob";
  hook.name = "ops";
  hook.url = "https://example.org/";
  hook.secret = mtproto::SecretBytes(24);
  REQUIRE(store->webhooks().put(hook, 1));
  CHECK(shares(*store) == "far 0, near 2");
  pass(*store, 10s);
  REQUIRE(store->leases().take("ada", far, 10s));
  CHECK(shares(*store) == "far 1, near 0");
}

TEST_CASE("rows of nodes that expired long ago are swept away") {
  const auto place = shared_place();
  if (!place) return;
  const auto store = place->open();
  REQUIRE(store->nodes().here(near, 60s));
  pass(*store, 25h);
  REQUIRE(store->nodes().here(far, 60s));
  REQUIRE(store->nodes().sweep());
  const auto left = store->database().run("SELECT node FROM nodes", {});
  REQUIRE(left->rows.size() == 1);
  CHECK(left->rows[0][0].text() == "far");
}
