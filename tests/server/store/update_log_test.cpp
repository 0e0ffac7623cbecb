#include "server/store/update_log.hpp"

#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

std::unique_ptr<AccountStore> open_with_ada(const Place& place) {
  auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  return store;
}

// Numbers `first` to `last`, each with its own body.
void check_entries(const std::vector<LogEntry>& entries, std::int64_t first, std::int64_t last) {
  REQUIRE(static_cast<std::int64_t>(entries.size()) == last - first + 1);
  for (auto number = first; number <= last; ++number) {
    const auto& entry = entries[static_cast<std::size_t>(number - first)];
    CHECK(entry.number == number);
    CHECK(entry.body == update(number).body);
    CHECK(entry.at == update(number).at);
    CHECK(entry.layer == 228);
  }
}

}  // namespace

TEST_CASE("the log gives what came after a number, in order, with the state behind it") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  auto& log = store->log();
  REQUIRE(log.append("ada", 1, updates(1, 5), R"({"pts":5})", 1));
  REQUIRE(log.append("ada", 6, updates(6, 9), R"({"pts":9})", 2));
  check_entries(log.after("ada", 0, 100)->entries, 1, 9);
  check_entries(log.after("ada", 4, 3)->entries, 5, 7);
  CHECK(log.after("ada", 9, 3)->entries.empty());
  CHECK(log.after("ada", INT64_MAX, 3)->entries.empty());
  CHECK(log.range("ada")->oldest == 1);
  CHECK(log.range("ada")->newest == 9);
  const auto ada = store->accounts().find("ada");
  CHECK(ada->update_state == R"({"pts":9})");
  CHECK(ada->log_number == 9);
  CHECK(ada->changed == 2);
}

TEST_CASE("the log of a new account is empty") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  const auto page = store->log().after("ada", 0, 10);
  REQUIRE(page);
  CHECK(page->entries.empty());
  CHECK(page->range.oldest == 1);
  CHECK(page->range.newest == 0);
  CHECK(page->range.has_all_after(0));
}

TEST_CASE("what is written a second time is there once") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  auto& log = store->log();
  REQUIRE(log.append("ada", 1, updates(1, 5), "five", 1));
  REQUIRE(log.append("ada", 1, updates(1, 5), "five", 1));
  REQUIRE(log.append("ada", 3, updates(3, 7), "seven", 1));
  check_entries(log.after("ada", 0, 100)->entries, 1, 7);
  CHECK(store->accounts().find("ada")->update_state == "seven");
}

TEST_CASE("what is older than the log takes its state not back") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  auto& log = store->log();
  REQUIRE(log.append("ada", 1, updates(1, 5), "five", 1));
  REQUIRE(log.append("ada", 1, updates(1, 4), "four", 1));
  REQUIRE(log.append("ada", 1, {}, "none", 1));
  CHECK(store->accounts().find("ada")->update_state == "five");
  CHECK(log.range("ada")->newest == 5);
}

TEST_CASE("the state alone may move where no update came") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  REQUIRE(store->log().append("ada", 1, updates(1, 5), "five", 1));
  REQUIRE(store->log().append("ada", 6, {}, "later", 1));
  CHECK(store->accounts().find("ada")->update_state == "later");
  CHECK(store->log().range("ada")->newest == 5);
}

TEST_CASE("the log takes no hole, and no updates of an account that is not there") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  REQUIRE(store->log().append("ada", 1, updates(1, 2), "two", 1));
  const auto hole = store->log().append("ada", 4, updates(4, 5), "five", 1);
  REQUIRE_FALSE(hole);
  CHECK(hole.error().code == StoreErrc::updates_missing);
  CHECK(store->log().range("ada")->newest == 2);
  CHECK(store->accounts().find("ada")->update_state == "two");
  const auto nobody = store->log().append("bob", 1, updates(1, 2), "", 1);
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == StoreErrc::no_such_account);
}

TEST_CASE("a page is not longer than was asked for, nor than some megabytes") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  LoggedUpdate large;
  large.body.resize(static_cast<std::size_t>(UpdateLog::most_bytes) / 2 + 1);
  LoggedUpdate larger;
  larger.body.resize(static_cast<std::size_t>(UpdateLog::most_bytes) + 1);
  REQUIRE(store->log().append("ada", 1, {large, large, larger, large}, "", 1));
  CHECK(store->log().after("ada", 0, 10)->entries.size() == 1);
  CHECK(store->log().after("ada", 2, 10)->entries.size() == 1);
  CHECK(store->log().after("ada", 2, 10)->entries[0].body == larger.body);
  CHECK(store->log().after("ada", 0, 0)->entries.empty());
  CHECK(store->log().after("ada", 0, -1)->entries.empty());
}

TEST_CASE("the log keeps the newest of its updates, and says which are gone") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  auto& log = store->log();
  REQUIRE(log.append("ada", 1, updates(1, 10), "", 1));
  CHECK(*log.prune("ada", 100, 0) == 0);
  CHECK(*log.prune("ada", 7, 0) == 3);
  CHECK(log.range("ada")->oldest == 4);
  const auto gone = log.after("ada", 2, 10);
  CHECK(gone->entries.empty());
  CHECK_FALSE(gone->range.has_all_after(2));
  check_entries(log.after("ada", 3, 10)->entries, 4, 10);
  CHECK(*log.prune("ada", 100, update(6).at) == 2);
  check_entries(log.after("ada", 5, 10)->entries, 6, 10);
}

TEST_CASE("a log that was emptied goes on with its numbers") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  auto& log = store->log();
  REQUIRE(log.append("ada", 1, updates(1, 4), "", 1));
  CHECK(*log.prune("ada", 100, INT64_MAX) == 4);
  CHECK(log.range("ada")->oldest == 5);
  CHECK(log.range("ada")->newest == 4);
  REQUIRE(log.append("ada", 5, updates(5, 6), "", 1));
  check_entries(log.after("ada", 4, 10)->entries, 5, 6);
  CHECK(*log.prune("ada", 0, 0) == 2);
  CHECK(*store->check() == "");
}

TEST_CASE("a clock that went back leaves no hole in what is kept") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = open_with_ada(place);
  auto late = updates(1, 3);
  late[1].at = 9'000'000;
  REQUIRE(store->log().append("ada", 1, late, "", 1));
  CHECK(*store->log().prune("ada", 100, 9'000'000) == 1);
  CHECK(store->log().range("ada")->oldest == 2);
  CHECK(*store->check() == "");
}

TEST_CASE("what one has open sees what another one wrote") {
  const Place place(GENERATE(from_range(lasting_engines())));
  const auto store = open_with_ada(place);
  const auto other = place.open();
  REQUIRE(other->log().append("ada", 1, updates(1, 3), "three", 1));
  check_entries(store->log().after("ada", 0, 10)->entries, 1, 3);
  REQUIRE(store->log().append("ada", 4, updates(4, 5), "five", 1));
  CHECK(other->log().range("ada")->newest == 5);
}
