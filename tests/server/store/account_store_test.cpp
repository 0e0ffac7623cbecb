#include "server/store/account_store.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <unordered_set>

#include "server/store/transfer.hpp"
#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

// Whether any 16 bytes of `secret` in a row are in `text`.
bool shows(std::string_view text, tl::ByteView secret) {
  constexpr std::size_t size = 16;
  std::unordered_set<std::string_view> pieces;
  for (std::size_t at = 0; at + size <= secret.size(); ++at) {
    pieces.insert(tl::as_text(secret.subspan(at, size)));
  }
  for (std::size_t at = 0; at + size <= text.size(); ++at) {
    if (pieces.contains(text.substr(at, size))) return true;
  }
  return false;
}

// All files of SQLite's.
std::string copied(const Place& place) {
  std::string out;
  for (const auto& entry : std::filesystem::directory_iterator(place.folder())) {
    if (entry.path() == place.key_file().path) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    out.append(std::istreambuf_iterator<char>(file), {});
  }
  return out;
}

std::string exported(AccountStore& store) {
  std::string out;
  const auto done = export_store(store, [&](std::string_view line) {
    out += line;
    return true;
  });
  REQUIRE(done);
  return out;
}

StoreResult<Transferred> import_text(AccountStore& store, std::string_view text) {
  StoreImport import(store, 7);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    import.add_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return import.finish();
}

}  // namespace

TEST_CASE("a copy of the database without its key shows no 16 bytes of any secret") {
  const Place place("file");
  const auto store = place.open();
  REQUIRE(store->accounts().add({account("ada", 1), account("bob", 2)}, 1));
  REQUIRE(store->accounts().save(account("ada", 3), 1));
  REQUIRE(store->log().append("ada", 1, updates(1, 3), "{}", 1));
  const auto all = copied(place);
  CHECK(all.find("update 2") != std::string::npos);
  for (const auto seed : std::vector<std::uint8_t>{1, 2, 3})
    CHECK_FALSE(shows(all, auth_key(seed).bytes()));
  CHECK_FALSE(shows(all, store->key().bytes()));
  CHECK(shows("..." + std::string(tl::as_text(auth_key(1).bytes())), auth_key(1).bytes()));
}

TEST_CASE("a copy of a PostgreSQL's tables shows no 16 bytes of any secret") {
  if (lasting_engines().size() < 2) return;
  const Place place("postgres");
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada", 1), 1));
  const auto rows = store->database().run("SELECT key_material FROM accounts", {});
  REQUIRE(rows->rows.size() == 1);
  CHECK(rows->rows[0][0].blob().size() == 256 + 29);
  CHECK_FALSE(shows(tl::as_text(rows->rows[0][0].blob()), auth_key(1).bytes()));
}

TEST_CASE("after a change of the key only the new one opens the store") {
  const Place place(GENERATE(from_range(lasting_engines())));
  const KeyFile next{place.folder() / "next"};
  {
    const auto store = place.open();
    REQUIRE(store->accounts().add({account("ada", 1), account("bob", 2)}, 1));
    REQUIRE(store->rekey(*make_key_file(next)));
    CHECK(std::ranges::equal(store->accounts().load("bob")->auth_key.bytes(), auth_key(2).bytes()));
    CHECK(*store->check() == "");
  }
  CHECK(place.try_open().error().code == StoreErrc::wrong_key);
  const auto store = AccountStore::open(place.url(), next);
  REQUIRE(store);
  CHECK(
      std::ranges::equal((*store)->accounts().load("ada")->auth_key.bytes(), auth_key(1).bytes()));
}

TEST_CASE("who has the old key still open can add no account that the new one would not open") {
  const Place place(GENERATE(from_range(lasting_engines())));
  const auto old = place.open();
  REQUIRE(old->accounts().add(account("ada"), 1));
  REQUIRE(place.open()->rekey(MasterKey::random()));
  CHECK(old->accounts().add(account("bob"), 1).error().code == StoreErrc::wrong_key);
  CHECK(old->accounts().save(account("ada"), 1).error().code == StoreErrc::wrong_key);
  CHECK(old->accounts().load("ada").error().code == StoreErrc::wrong_key);
  CHECK(old->rekey(MasterKey::random()).error().code == StoreErrc::wrong_key);
  REQUIRE(old->log().append("ada", 1, updates(1, 2), "{}", 1));
}

TEST_CASE("a change of the key that fails in between changes nothing") {
  const Place place(GENERATE(from_range(lasting_engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add({account("ada"), account("bob")}, 1));
  REQUIRE(store->database().run("UPDATE accounts SET key_material = $1 WHERE name = 'bob'",
                                std::vector<Parameter>{tl::ByteView(auth_key(9).bytes())}));
  CHECK(store->rekey(MasterKey::random()).error().code == StoreErrc::wrong_key);
  CHECK(store->accounts().load("ada"));
}

TEST_CASE("a key that was moved to another account does not open there") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add({account("ada", 1), account("bob", 2)}, 1));
  REQUIRE(
      store->database().run("UPDATE accounts SET key_material = (SELECT key_material FROM "
                            "accounts WHERE name = 'ada') WHERE name = 'bob'",
                            {}));
  CHECK(store->accounts().load("bob").error().code == StoreErrc::wrong_key);
  CHECK(store->check()->find("bob") != std::string::npos);
}

TEST_CASE("a check finds holes and ends of logs that are not theirs") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  REQUIRE(store->log().append("ada", 1, updates(1, 5), "{}", 1));
  CHECK(*store->check() == "");
  const auto* change = GENERATE("DELETE FROM updates WHERE number = 3",
                                "DELETE FROM updates WHERE number = 5", "DELETE FROM accounts");
  REQUIRE(store->database().run(change, {}));
  INFO(change);
  CHECK(*store->check() != "");
}

TEST_CASE("what was exported comes into another store as it was") {
  const Place from(GENERATE(from_range(engines())));
  const Place to("memory");
  const auto store = from.open();
  auto bob = account("bob", 2);
  bob.user_id = std::nullopt;
  bob.keep = Keep::always;
  bob.update_state = "{\"pts\":1,\"text\":\"\\u00fc \\\\ \\\"\"}";
  REQUIRE(store->accounts().add({account("ada", 1), bob}, 1));
  REQUIRE(store->log().append("ada", 1, updates(1, 2500), "{}", 1));
  REQUIRE(store->log().prune("ada", 2100, 0));
  const auto text = exported(*store);
  const auto other = to.open();
  const auto count = import_text(*other, text);
  REQUIRE(count);
  CHECK(count->accounts == 2);
  CHECK(count->updates == 2100);
  CHECK(exported(*other) == text);
  CHECK(*other->check() == "");
  CHECK(other->log().range("ada")->oldest == 401);
  CHECK(other->log().after("ada", 2499, 5)->entries[0].body == update(2500).body);
}

TEST_CASE("an import that is wrong anywhere brings nothing, and says which line") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  REQUIRE(store->log().append("ada", 1, updates(1, 2), "{}", 1));
  auto good = exported(*store);
  REQUIRE(store->accounts().remove("ada"));
  const auto replaced = [&](std::string_view what, std::string_view with) {
    auto out = good;
    return out.replace(out.find(what), what.size(), with);
  };
  const std::vector<std::string> wrong{"",
                                       "nonsense",
                                       replaced("\"store\":1", "\"store\":2"),
                                       replaced("\"ada\"", "\"A\""),
                                       replaced("\"dc\":2", "\"dc\":0"),
                                       replaced("\"auth_key\":\"", "\"auth_key\":\"AA"),
                                       replaced("attached", "now and then"),
                                       replaced("\"body\":\"", "\"body\":\"!"),
                                       replaced("\"number\":2", "\"number\":1"),
                                       replaced("\"updates\":2", "\"updates\":3"),
                                       good.substr(0, good.find("{\"end\"")),
                                       good + "{\"store\":1}\n",
                                       good + good};
  for (const auto& text : wrong) {
    INFO(text);
    const auto done = import_text(*store, text);
    CHECK_FALSE(done);
    CHECK(store->accounts().list()->empty());
  }
  CHECK(import_text(*store, wrong[3]).error().text.starts_with("line 2: /account/name: "));
  CHECK(import_text(*store, good));
  CHECK(import_text(*store, good).error().code == StoreErrc::account_exists);
}
