// What disks and servers do to a store: each has a name, and what was there stays.
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "server/store/postgres_database.hpp"
#include "tests/server/store/postgres_server.hpp"
#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

// Not root, whom no mode of a file stops, while it lives.
class AsNobody {
 public:
  AsNobody() : was_root_(::geteuid() == 0) {
    if (was_root_) REQUIRE(::seteuid(65534) == 0);
  }
  ~AsNobody() {
    if (was_root_) CHECK(::seteuid(0) == 0);
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool was_root_;
};

void give_to_nobody(const std::filesystem::path& folder) {
  if (::geteuid() != 0) return;
  REQUIRE(::chown(folder.c_str(), 65534, 65534) == 0);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    REQUIRE(::chown(entry.path().c_str(), 65534, 65534) == 0);
  }
}

}  // namespace

TEST_CASE("a full disk is an error with a name, and what was there stays") {
  const Place place(GENERATE(from_range(std::vector<std::string>{"file", "memory"})));
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  REQUIRE(store->database().run("PRAGMA max_page_count = 40", {}));
  std::int64_t next = 1;
  StoreStatus done;
  while (done && next < 100'000) {
    done = store->log().append("ada", next, updates(next, next + 99), std::to_string(next + 99), 1);
    if (done) next += 100;
  }
  REQUIRE_FALSE(done);
  CHECK(done.error().code == StoreErrc::full);
  CHECK(done.error().text.find("no room") != std::string::npos);
  CHECK(store->log().range("ada")->newest == next - 1);
  CHECK(store->accounts().find("ada")->update_state == std::to_string(next - 1));
  CHECK(store->accounts().load("ada"));
  // Once there is room again it goes on.
  REQUIRE(store->database().run("PRAGMA max_page_count = 4000", {}));
  CHECK(store->log().append("ada", next, updates(next, next + 99), "on", 1));
  CHECK(*store->check() == "");
}

TEST_CASE("a file that can't be written is an error with a name") {
  const Place place("file");
  REQUIRE(place.open()->accounts().add(account("ada"), 1));
  give_to_nobody(place.folder());
  ::chmod(place.url().path.c_str(), 0400);
  const AsNobody nobody;
  const auto store = place.try_open();
  REQUIRE_FALSE(store);
  CHECK(store.error().code == StoreErrc::read_only);
  CHECK(store.error().text.find(place.url().path) != std::string::npos);
}

TEST_CASE("a folder that can't be written is an error with a name") {
  const Place place("file");
  give_to_nobody(place.folder());
  ::chmod(place.folder().c_str(), 0500);
  const AsNobody nobody;
  CHECK(place.try_open().error().code == StoreErrc::read_only);
}

TEST_CASE("a path where no file can be is an error with a name") {
  const Place place("file");
  for (const auto& path : {place.folder().string(), place.folder().string() + "/none/store.db"}) {
    const auto url = read_store_url("sqlite:" + path);
    const auto store = AccountStore::open(*url, *find_key_file(*url, "", ""));
    REQUIRE_FALSE(store);
    CHECK(store.error().code == StoreErrc::bad_address);
  }
}

TEST_CASE("a file of something else, or a torn one, is an error with a name") {
  const Place place("file");
  SECTION("text") { std::ofstream(place.url().path) << std::string(10'000, 'x'); }
  SECTION("torn") {
    {
      const auto store = place.open();
      REQUIRE(store->accounts().add(account("ada"), 1));
      REQUIRE(store->log().append("ada", 1, updates(1, 5000), "", 1));
    }
    std::fstream file(place.url().path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(100);
    file << std::string(60'000, 'x');
  }
  const auto store = place.try_open();
  REQUIRE_FALSE(store);
  CHECK(store.error().code == StoreErrc::damaged);
}

TEST_CASE("a new file, and what is beside it, is for its owner alone") {
  const Place place("file");
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(place.folder())) {
    INFO(entry.path());
    CHECK((std::filesystem::status(entry.path()).permissions() & std::filesystem::perms(0077)) ==
          std::filesystem::perms::none);
    ++files;
  }
  CHECK(files == 4);  // with its log, the log's index and the key
}

TEST_CASE("what a server says is wrong has the name that a disk's faults have") {
  CHECK(named_sqlstate("53100") == StoreErrc::full);
  CHECK(named_sqlstate("25006") == StoreErrc::read_only);
  CHECK(named_sqlstate("57P01") == StoreErrc::unavailable);
  CHECK(named_sqlstate("08006") == StoreErrc::unavailable);
  CHECK(named_sqlstate("XX001") == StoreErrc::damaged);
  CHECK(named_sqlstate("42601") == StoreErrc::failed);
  CHECK(named_sqlstate("") == StoreErrc::failed);
}

TEST_CASE("a PostgreSQL that refuses to write or is full says so by name") {
  if (PostgresServer::shared() == nullptr) return;
  const Place place("postgres");
  const auto store = place.open();
  REQUIRE(store->database().run("SET default_transaction_read_only = on", {}));
  CHECK(store->accounts().add(account("ada"), 1).error().code == StoreErrc::read_only);
  REQUIRE(store->database().run("SET default_transaction_read_only = off", {}));
  const auto full =
      store->database().run("DO $$BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END$$", {});
  CHECK(full.error().code == StoreErrc::full);
  CHECK(store->accounts().add(account("ada"), 1));
}

TEST_CASE("a PostgreSQL that goes away is unavailable, and there again when it is back") {
  const auto server = PostgresServer::make();
  if (server == nullptr) return;
  const Place beside("memory");
  const auto url = read_store_url(server->url("away"));
  const KeyFile key{beside.folder() / "key"};
  REQUIRE(make_key_file(key));
  const auto store = AccountStore::open(*url, key);
  REQUIRE(store);
  REQUIRE((*store)->accounts().add(account("ada"), 1));
  server->stop();
  for (int i = 0; i < 2; ++i) {
    const auto list = (*store)->accounts().list();
    REQUIRE_FALSE(list);
    INFO(list.error().text);
    CHECK(list.error().code == StoreErrc::unavailable);
  }
  const auto away = AccountStore::open(*url, key);
  REQUIRE_FALSE(away);
  CHECK(away.error().code == StoreErrc::unavailable);
  CHECK(away.error().text.find("postgresql://") != std::string::npos);
  server->start();
  const auto again = AccountStore::open(*url, key);
  REQUIRE(again);
  CHECK((*again)->accounts().list()->size() == 1);
}
