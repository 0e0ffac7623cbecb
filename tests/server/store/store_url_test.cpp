#include "server/store/store_url.hpp"

#include "tests/server/store/store_fixture.hpp"

using namespace server::store;

namespace {

StoreUrl read_good(std::string_view text) {
  const auto url = read_store_url(text);
  INFO(text);
  REQUIRE(url);
  return *url;
}

}  // namespace

TEST_CASE("a store's URL names a file of SQLite, memory, or a PostgreSQL") {
  CHECK(read_good("sqlite:/srv/a b.db").path == "/srv/a b.db");
  CHECK(read_good("sqlite:store.db").shown == "sqlite:store.db");
  CHECK(read_good("sqlite::memory:").in_memory());
  CHECK_FALSE(read_good("sqlite:store.db").in_memory());
  CHECK(read_good("postgresql:///tg").engine == StoreUrl::Engine::postgres);
  CHECK(read_good("postgres://db.example.org/tg").shown == "postgresql://db.example.org/tg");
}

TEST_CASE("a file of SQLite waits for the disk unless its URL says otherwise") {
  CHECK(read_good("sqlite:a").synchronous);
  CHECK(read_good("sqlite:a?synchronous=full").synchronous);
  CHECK_FALSE(read_good("sqlite:a?synchronous=normal").synchronous);
  CHECK(read_good("sqlite:a?synchronous=normal").path == "a");
}

TEST_CASE("of a PostgreSQL's URL its user and password are not shown") {
  const auto url =
      read_good("postgresql://ada:hunter2@db1:5432,db2:5433/tg?target_session_attrs=read-write");
  CHECK(url.shown == "postgresql://db1,db2:5432,5433/tg");
  CHECK(read_good("postgresql:///tg?password=hunter2&host=/run/pg").shown ==
        "postgresql:///run/pg/tg");
  CHECK(url.text.find("hunter2") != std::string::npos);
}

TEST_CASE("what is no store's URL is refused in words that repeat nothing of it") {
  for (const auto* text : {"", "store.db", "sqlite:", "sqlite:?synchronous=full",
                           "sqlite:a?mode=hunter2", "sqlite:a?synchronous=off",
                           "mysql://ada:hunter2@db/tg", "postgresql://ada:hunter2@db:x%zz/",
                           "postgresql://db/tg?hunter2=1", "postgresql:hunter2", "SQLITE:a"}) {
    INFO(text);
    const auto url = read_store_url(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().code == StoreErrc::bad_address);
    CHECK_FALSE(url.error().text.empty());
    CHECK(url.error().text.find("hunter2") == std::string::npos);
  }
  CHECK_FALSE(read_store_url(std::string_view("sqlite:a\0b", 10)));
  CHECK_FALSE(read_store_url(std::string_view("postgresql://db/\0", 17)));
}
