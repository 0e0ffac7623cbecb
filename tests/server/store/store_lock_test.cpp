#include "server/store/store_lock.hpp"

#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

TEST_CASE("a file of SQLite is one gateway's, until that is gone") {
  const Place place("file");
  auto first = StoreLock::take(place.url());
  REQUIRE(first);
  {
    const auto second = StoreLock::take(place.url());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == StoreErrc::unavailable);
    CHECK(second.error().text.find("another streamjson has this store open") != std::string::npos);
    CHECK(place.try_open());  // by hand, beside it
  }
  { const auto gone = std::move(*first); }
  CHECK(StoreLock::take(place.url()));
}

TEST_CASE("a store in memory is nobody else's, and needs no lock") {
  const Place place("memory");
  const auto first = StoreLock::take(place.url());
  CHECK(first);
  CHECK(StoreLock::take(place.url()));
}

TEST_CASE("a lock that can't be made is an error that names its file") {
  const auto url = *read_store_url("sqlite:/nowhere/at/all.db");
  const auto lock = StoreLock::take(url);
  REQUIRE_FALSE(lock);
  CHECK(lock.error().code == StoreErrc::bad_address);
  CHECK(lock.error().text.find("/nowhere/at/all.db.lock") != std::string::npos);
}
