#include "server/store/account_table.hpp"

#include <algorithm>

#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

TEST_CASE("an account comes back as it was kept") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  auto ada = account("ada");
  ada.update_state = R"({"pts":7,"ü":"ü"})";
  ada.keep = Keep::always;
  ada.settings = R"({"a":1})";
  REQUIRE(store->accounts().add(ada, 1'700'000'000'123));
  const auto back = store->accounts().load("ada");
  REQUIRE(back);
  CHECK(back->name == "ada");
  CHECK(back->dc == 2);
  CHECK(back->user_id == 1'000'101);
  CHECK(back->api_id == 12345);
  CHECK(back->update_state == ada.update_state);
  CHECK(back->keep == Keep::always);
  CHECK(back->settings == ada.settings);
  CHECK(back->changed == 1'700'000'000'123);
  CHECK(back->log_number == 0);
  CHECK(std::ranges::equal(back->auth_key.bytes(), ada.auth_key.bytes()));
}

TEST_CASE("an account may lack a user, and numbers of 64 bits fit") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  auto ada = account("ada");
  ada.user_id = std::nullopt;
  auto bob = account("bob");
  bob.user_id = INT64_MAX;
  REQUIRE(store->accounts().add({ada, bob}, INT64_MIN));
  CHECK_FALSE(store->accounts().load("ada")->user_id);
  CHECK(store->accounts().load("bob")->user_id == INT64_MAX);
  CHECK(store->accounts().load("bob")->changed == INT64_MIN);
}

TEST_CASE("an account is added once, and saved as often as one likes") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada", 1), 1));
  REQUIRE(store->log().append("ada", 1, updates(1, 3), "{}", 1));
  const auto again = store->accounts().add(account("ada", 2), 2);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == StoreErrc::account_exists);
  CHECK(std::ranges::equal(store->accounts().load("ada")->auth_key.bytes(), auth_key(1).bytes()));
  REQUIRE(store->accounts().save(account("ada", 2), 3));
  CHECK(std::ranges::equal(store->accounts().load("ada")->auth_key.bytes(), auth_key(2).bytes()));
  CHECK(store->accounts().load("ada")->log_number == 3);
  REQUIRE(store->accounts().save(account("bob"), 3));
  CHECK(store->accounts().list()->size() == 2);
}

TEST_CASE("whether an account stays connected is set alone") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  REQUIRE(store->log().append("ada", 1, updates(1, 2), "{}", 1));
  REQUIRE(store->accounts().set_keep("ada", Keep::always, 2));
  const auto ada = store->accounts().load("ada");
  REQUIRE(ada);
  CHECK(ada->keep == Keep::always);
  CHECK(ada->log_number == 2);
  CHECK(std::ranges::equal(ada->auth_key.bytes(), account("ada").auth_key.bytes()));
  const auto nobody = store->accounts().set_keep("bob", Keep::always, 2);
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == StoreErrc::no_such_account);
}

TEST_CASE("of several accounts that are added together all are there or none") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("bob"), 1));
  CHECK_FALSE(store->accounts().add({account("ada"), account("bob")}, 1));
  CHECK(store->accounts().load("ada").error().code == StoreErrc::no_such_account);
  REQUIRE(store->accounts().add({account("zoe"), account("ada")}, 1));
  const auto all = store->accounts().list();
  REQUIRE(all->size() == 3);
  CHECK((*all)[0].name == "ada");
  CHECK((*all)[2].name == "zoe");
}

TEST_CASE("an account goes with its log, and only its own") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add({account("ada"), account("ad")}, 1));
  REQUIRE(store->log().append("ada", 1, updates(1, 3), "{}", 1));
  REQUIRE(store->log().append("ad", 1, updates(1, 2), "{}", 1));
  REQUIRE(store->accounts().remove("ada"));
  CHECK(store->accounts().remove("ada").error().code == StoreErrc::no_such_account);
  CHECK(store->accounts().load("ada").error().code == StoreErrc::no_such_account);
  CHECK(store->accounts().find("ada").error().code == StoreErrc::no_such_account);
  CHECK(store->log().range("ada").error().code == StoreErrc::no_such_account);
  CHECK(store->log().range("ad")->newest == 2);
  REQUIRE(store->accounts().add(account("ada"), 1));
  CHECK(store->log().after("ada", 0, 10)->entries.empty());
  CHECK(*store->check() == "");
}

TEST_CASE("the names of accounts are short and plain") {
  for (const auto* good : {"a", "ada.b_c-9", "0"}) CHECK(is_account_name(good));
  CHECK(is_account_name(std::string(64, 'a')));
  for (const auto* bad : {"", "Ada", "a b", "ü", "a/b", "a'"}) CHECK_FALSE(is_account_name(bad));
  CHECK_FALSE(is_account_name(std::string(65, 'a')));
}
