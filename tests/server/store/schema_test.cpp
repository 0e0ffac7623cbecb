#include "server/store/schema.hpp"

#include <thread>

#include "server/store/postgres_database.hpp"
#include "server/store/sqlite_database.hpp"
#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

TEST_CASE("a store that is opened again has what was in it") {
  const Place place(GENERATE(from_range(lasting_engines())));
  REQUIRE(place.open()->accounts().add(account("ada"), 1));
  CHECK(place.open()->accounts().list()->size() == 1);
}

TEST_CASE("a store of a newer version is refused in words and left as it is") {
  const Place place(GENERATE(from_range(lasting_engines())));
  {
    const auto store = place.open();
    const Parameter newer[] = {schema_version + 2, schema_version + 1};
    REQUIRE(store->database().run("UPDATE meta SET version = $1, usable_from = $2", newer));
  }
  const auto refused = place.try_open();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == StoreErrc::too_new);
  CHECK(refused.error().text.find("newer version of streamjson") != std::string::npos);
  CHECK_FALSE(place.try_open());
}

TEST_CASE("a store of a newer version that says so can be used, and is left at that version") {
  const Place place(GENERATE(from_range(lasting_engines())));
  {
    const auto store = place.open();
    REQUIRE(store->accounts().add(account("ada"), 1));
    for (const auto* sql : {"UPDATE meta SET version = version + 2", "CREATE TABLE later(a BIGINT)",
                            "ALTER TABLE accounts ADD COLUMN later TEXT NOT NULL DEFAULT 'x'"}) {
      REQUIRE(store->database().run(sql, {}));
    }
  }
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("bob"), 2));
  CHECK(store->accounts().list()->size() == 2);
  CHECK(store->check()->empty());
  const auto rows = store->database().run("SELECT version, usable_from FROM meta", {});
  REQUIRE(rows->rows.size() == 1);
  CHECK(rows->rows[0][0].number() == schema_version + 2);
  CHECK(rows->rows[0][1].number() == schema_usable_from);
}

TEST_CASE("a store is refused to another key, in words, and nothing is changed") {
  const Place place(GENERATE(from_range(lasting_engines())));
  REQUIRE(place.open()->accounts().add(account("ada"), 1));
  const KeyFile other{place.folder() / "other"};
  REQUIRE(make_key_file(other));
  const auto refused = AccountStore::open(place.url(), other);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == StoreErrc::wrong_key);
  CHECK(refused.error().text.find("--store-key") != std::string::npos);
  CHECK(place.open()->accounts().load("ada"));
}

TEST_CASE("no new key is made for a store whose key is gone") {
  const Place place(GENERATE(from_range(lasting_engines())));
  REQUIRE(place.open()->accounts().add(account("ada"), 1));
  std::filesystem::remove(place.key_file().path);
  const auto refused = place.try_open();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == StoreErrc::no_key);
  CHECK_FALSE(std::filesystem::exists(place.key_file().path));
}

TEST_CASE("those who open a new store at once make it once") {
  const Place place(GENERATE(from_range(lasting_engines())));
  constexpr std::size_t most = 8;
  std::vector<StoreResult<std::unique_ptr<AccountStore>>> opened;
  for (std::size_t i = 0; i < most; ++i) opened.emplace_back(StoreError{});
  {
    std::vector<std::jthread> threads;
    for (auto& one : opened) threads.emplace_back([&] { one = place.try_open(); });
  }
  for (auto& one : opened) {
    INFO((one ? "" : one.error().text));
    CHECK(one);
  }
  const auto rows = place.open()->database().run("SELECT version FROM meta", {});
  REQUIRE(rows->rows.size() == 1);
  CHECK(rows->rows[0][0].number() == schema_version);
}

TEST_CASE("a migration that fails half-way leaves nothing behind") {
  const Place place(GENERATE(from_range(lasting_engines())));
  const auto open_bare = [&] {
    return place.url().engine == StoreUrl::Engine::postgres ? PostgresDatabase::open(place.url())
                                                            : SqliteDatabase::open(place.url());
  };
  {
    auto database = open_bare();
    REQUIRE(database);
    REQUIRE((*database)->run("CREATE TABLE updates(a BIGINT)", {}));
  }
  CHECK_FALSE(place.try_open());
  auto database = open_bare();
  CHECK_FALSE(*(*database)->has_table("meta"));
  CHECK_FALSE(*(*database)->has_table("accounts"));
  REQUIRE((*database)->run("DROP TABLE updates", {}));
  place.open();
}
