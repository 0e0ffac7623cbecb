#include "server/store/webhook_table.hpp"

#include <algorithm>

#include "server/store/key_check.hpp"
#include "server/store/postgres_database.hpp"
#include "server/store/schema.hpp"
#include "server/store/sqlite_database.hpp"
#include "server/store/transfer.hpp"
#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

StoredWebhook webhook(std::string name, std::string owner = "ada") {
  StoredWebhook out;
  out.account = std::move(owner);
  out.name = std::move(name);
  out.url = "https://example.org/" + out.name;
  out.types = "updateNewMessage,updateUserStatus";
  out.secret =
      mtproto::SecretBytes(tl::as_bytes("the secret of " + out.name + " of " + out.account));
  return out;
}

bool same_bytes(const mtproto::SecretBytes& a, const mtproto::SecretBytes& b) {
  return std::ranges::equal(a.bytes(), b.bytes());
}

std::unique_ptr<AccountStore> with_ada(const Place& place) {
  auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  return store;
}

WebhookProgress some_progress() {
  WebhookProgress out;
  out.delivered = 2;
  out.failing_since = 1'000;
  out.attempts = 3;
  out.next_attempt = 5'000;
  out.last_status = 503;
  out.last_error = "it answered 503";
  return out;
}

}  // namespace

TEST_CASE("a webhook comes back as it was put, and begins behind the newest update") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = with_ada(place);
  REQUIRE(store->log().append("ada", 1, updates(1, 3), "{}", 1));
  const auto put = store->webhooks().put(webhook("ops"), 1'700'000'000'123);
  REQUIRE(put);
  const auto back = store->webhooks().load("ada", "ops");
  REQUIRE(back);
  CHECK(back->url == "https://example.org/ops");
  CHECK(back->types == "updateNewMessage,updateUserStatus");
  CHECK(back->created == 1'700'000'000'123);
  CHECK(back->changed == put->changed);
  CHECK(back->progress.delivered == 3);
  CHECK(back->progress == put->progress);
  CHECK(back->progress.state == WebhookState::active);
  CHECK_FALSE(back->progress.failing_since);
  CHECK_FALSE(back->progress.last_status);
  CHECK(same_bytes(back->secret, webhook("ops").secret));
  CHECK(store->webhooks().find("ada", "ops")->url == back->url);
}

TEST_CASE("a webhook that is put again goes on where it was, also when it had failed") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = with_ada(place);
  const auto first = store->webhooks().put(webhook("ops"), 10);
  REQUIRE(store->log().append("ada", 1, updates(1, 5), "{}", 1));
  auto failed = some_progress();
  failed.state = WebhookState::failed;
  REQUIRE(*store->webhooks().set_progress("ada", "ops", first->changed, failed));
  CHECK(store->webhooks().find("ada", "ops")->progress == failed);
  auto next = webhook("ops");
  next.url = "http://example.org/other";
  next.types = "";
  next.secret = mtproto::SecretBytes(tl::as_bytes("another one"));
  // At the same moment, so that a change is told from the one before all the same.
  const auto second = store->webhooks().put(next, 10);
  REQUIRE(second);
  CHECK(second->changed > first->changed);
  CHECK(second->created == 10);
  CHECK(second->url == next.url);
  CHECK(second->types.empty());
  WebhookProgress begun;
  begun.delivered = 2;
  CHECK(second->progress == begun);
  CHECK(same_bytes(store->webhooks().load("ada", "ops")->secret, next.secret));
}

TEST_CASE("the progress of a webhook that was put again or is gone is not written") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = with_ada(place);
  REQUIRE(store->log().append("ada", 1, updates(1, 5), "{}", 1));
  const auto first = store->webhooks().put(webhook("ops"), 10);
  auto progress = some_progress();
  progress.delivered = 9;
  CHECK_FALSE(*store->webhooks().set_progress("ada", "ops", first->changed + 1, progress));
  CHECK_FALSE(*store->webhooks().set_progress("ada", "other", first->changed, progress));
  CHECK(*store->webhooks().set_progress("ada", "ops", first->changed, progress));
  // Never backwards.
  progress.delivered = 8;
  CHECK_FALSE(*store->webhooks().set_progress("ada", "ops", first->changed, progress));
  CHECK(store->webhooks().find("ada", "ops")->progress.delivered == 9);
  REQUIRE(store->webhooks().remove("ada", "ops"));
  CHECK_FALSE(*store->webhooks().set_progress("ada", "ops", first->changed, progress));
}

TEST_CASE("webhooks are listed by account and name, and go one by one") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = with_ada(place);
  REQUIRE(store->accounts().add(account("ad"), 1));
  for (const auto& one : {webhook("b"), webhook("a"), webhook("a", "ad")}) {
    REQUIRE(store->webhooks().put(one, 1));
  }
  const auto all = store->webhooks().list();
  REQUIRE(all->size() == 3);
  CHECK((*all)[0].account == "ad");
  CHECK((*all)[1].name == "a");
  CHECK(store->webhooks().list("ada")->size() == 2);
  CHECK(store->webhooks().list("nobody")->empty());
  REQUIRE(store->webhooks().remove("ada", "a"));
  CHECK(store->webhooks().remove("ada", "a").error().code == StoreErrc::no_such_webhook);
  CHECK(store->webhooks().find("ada", "a").error().code == StoreErrc::no_such_webhook);
  CHECK(store->webhooks().load("ada", "a").error().code == StoreErrc::no_such_webhook);
  CHECK(store->webhooks().find("ad", "a"));
}

TEST_CASE("a webhook goes with its account, and only with its own") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = with_ada(place);
  REQUIRE(store->accounts().add(account("ad"), 1));
  REQUIRE(store->webhooks().put(webhook("ops"), 1));
  REQUIRE(store->webhooks().put(webhook("ops", "ad"), 1));
  REQUIRE(store->accounts().remove("ada"));
  CHECK(store->webhooks().list("ada")->empty());
  CHECK(store->webhooks().list("ad")->size() == 1);
  CHECK(store->webhooks().put(webhook("ops"), 1).error().code == StoreErrc::no_such_account);
  REQUIRE(store->accounts().add(account("ada"), 1));
  CHECK(store->webhooks().list("ada")->empty());
  CHECK(*store->check() == "");
}

TEST_CASE("an account has so many webhooks and no more") {
  const Place place("memory");
  const auto store = with_ada(place);
  for (std::int64_t i = 0; i < WebhookTable::most_per_account; ++i) {
    REQUIRE(store->webhooks().put(webhook("w" + std::to_string(i)), 1));
  }
  CHECK(store->webhooks().put(webhook("more"), 1).error().code == StoreErrc::too_many_webhooks);
  CHECK(store->webhooks().put(webhook("w7"), 1));
  CHECK(store->webhooks().find("ada", "more").error().code == StoreErrc::no_such_webhook);
}

TEST_CASE(
    "the secret of a webhook is sealed for its own place, and with the new key after a change") {
  const Place place(GENERATE(from_range(lasting_engines())));
  const auto old = place.open();
  REQUIRE(old->accounts().add(account("ada"), 1));
  REQUIRE(old->webhooks().put(webhook("a"), 1));
  REQUIRE(old->webhooks().put(webhook("b"), 1));
  const auto rows = old->database().run("SELECT secret FROM webhooks WHERE name = 'a'", {});
  const auto size = webhook("a").secret.size();
  CHECK(rows->rows[0][0].blob().size() == size + 29);
  CHECK(rows->rows[0][0].text().find("secret of a") == std::string_view::npos);
  REQUIRE(place.open()->rekey(MasterKey::random()));
  CHECK(old->webhooks().load("ada", "a").error().code == StoreErrc::wrong_key);
  CHECK(old->webhooks().put(webhook("c"), 1).error().code == StoreErrc::wrong_key);
}

TEST_CASE("after a change of the key the new one opens the secrets of webhooks") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = with_ada(place);
  REQUIRE(store->webhooks().put(webhook("a"), 1));
  REQUIRE(store->webhooks().put(webhook("b"), 1));
  REQUIRE(store->rekey(MasterKey::random()));
  CHECK(same_bytes(store->webhooks().load("ada", "b")->secret, webhook("b").secret));
  CHECK(*store->check() == "");
}

TEST_CASE("a check finds webhooks that are nobody's, ahead of the log, or with a foreign secret") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = with_ada(place);
  REQUIRE(store->webhooks().put(webhook("a"), 1));
  REQUIRE(store->webhooks().put(webhook("b"), 1));
  CHECK(*store->check() == "");
  const auto* change =
      GENERATE("UPDATE webhooks SET account = 'bob'", "UPDATE webhooks SET delivered = 1",
               "UPDATE webhooks SET delivered = -1",
               "UPDATE webhooks SET secret = (SELECT secret FROM webhooks WHERE name = 'a')");
  INFO(change);
  REQUIRE(store->database().run(change, {}));
  CHECK(*store->check() != "");
}

TEST_CASE("webhooks are exported and imported as they were") {
  const auto text_of = [](AccountStore& store) {
    std::string out;
    REQUIRE(export_store(store, [&](std::string_view line) {
      out += line;
      return true;
    }));
    return out;
  };
  const Place from(GENERATE(from_range(engines())));
  const Place to("memory");
  const auto store = with_ada(from);
  REQUIRE(store->log().append("ada", 1, updates(1, 5), "{}", 1));
  const auto put = store->webhooks().put(webhook("a"), 1);
  REQUIRE(store->webhooks().put(webhook("b"), 1));
  auto progress = some_progress();
  progress.delivered = 5;
  progress.state = WebhookState::failed;
  REQUIRE(*store->webhooks().set_progress("ada", "a", put->changed, progress));
  const auto text = text_of(*store);
  const auto import_text = [](AccountStore& target, std::string_view lines) {
    StoreImport import(target, 7);
    while (!lines.empty()) {
      const auto end = lines.find('\n');
      import.add_line(lines.substr(0, end));
      lines.remove_prefix(end + 1);
    }
    return import.finish();
  };
  const auto other = to.open();
  for (const auto& [what, with] : std::vector<std::pair<std::string, std::string>>{
           {"\"delivered\":5", "\"delivered\":6"},
           {"\"name\":\"a\"", "\"name\":\"A\""},
           {"\"webhook\":{\"account\":\"ada\"", "\"webhook\":{\"account\":\"bob\""},
           {"\"state\":\"failed\"", "\"state\":\"tired\""},
           {"\"webhooks\":2", "\"webhooks\":1"},
           {"\"secret\":\"", "\"secret\":\"!"},
           {"\"url\":\"https://example.org/a\"", "\"url\":\"\""}}) {
    INFO(what);
    auto wrong = text;
    REQUIRE(wrong.find(what) != std::string::npos);
    wrong.replace(wrong.find(what), what.size(), with);
    CHECK_FALSE(import_text(*other, wrong));
  }
  const auto count = import_text(*other, text);
  REQUIRE(count);
  CHECK(count->webhooks == 2);
  CHECK(text_of(*other) == text);
  CHECK(*other->check() == "");
  CHECK(other->webhooks().find("ada", "a")->progress == progress);
  CHECK(same_bytes(other->webhooks().load("ada", "b")->secret, webhook("b").secret));
}

TEST_CASE("a store of version 1 becomes one of today, with what was in it") {
  const Place place(GENERATE(from_range(lasting_engines())));
  REQUIRE(make_key_file(place.key_file()));
  const auto key = read_key_file(place.key_file());
  {
    auto database = place.url().engine == StoreUrl::Engine::postgres
                        ? PostgresDatabase::open(place.url())
                        : SqliteDatabase::open(place.url());
    REQUIRE(database);
    Transaction transaction(**database, Database::Mode::write);
    // As version 1 made them.
    for (const auto* sql :
         {"CREATE TABLE meta(version BIGINT NOT NULL, key_check BYTEA NOT NULL)",
          "CREATE TABLE accounts(name TEXT NOT NULL PRIMARY KEY, dc BIGINT NOT NULL, key_material "
          "BYTEA NOT NULL, user_id BIGINT, api_id BIGINT NOT NULL, update_state TEXT NOT NULL, "
          "keep TEXT NOT NULL, settings TEXT NOT NULL, log_number BIGINT NOT NULL, changed BIGINT "
          "NOT NULL)",
          "CREATE TABLE updates(account TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, "
          "layer BIGINT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY(account, number))"}) {
      transaction.rows(sql);
    }
    const auto check = make_key_check(*key);
    transaction.change("INSERT INTO meta(version, key_check) VALUES(1, $1)", {tl::ByteView(check)});
    AccountTable::insert(transaction, account("ada", 3), *key, 1);
    REQUIRE(transaction.commit());
  }
  const auto store = place.open();
  CHECK(same_bytes(store->accounts().load("ada")->auth_key, auth_key(3)));
  CHECK(store->webhooks().list()->empty());
  REQUIRE(store->webhooks().put(webhook("ops"), 1));
  const auto rows = store->database().run("SELECT version FROM meta", {});
  CHECK(rows->rows[0][0].number() == schema_version);
  CHECK(*store->check() == "");
}
