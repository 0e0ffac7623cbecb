#include "server/store/account_store.hpp"

#include "server/store/key_check.hpp"
#include "server/store/postgres_database.hpp"
#include "server/store/schema.hpp"
#include "server/store/sqlite_database.hpp"

namespace server::store {
namespace {

StoreResult<std::unique_ptr<Database>> open_database(const StoreUrl& url) {
  return url.engine == StoreUrl::Engine::postgres ? PostgresDatabase::open(url)
                                                  : SqliteDatabase::open(url);
}

// A new one only for what nothing was sealed in yet.
StoreResult<MasterKey> key_for(Database& database, const StoreUrl& url, const KeyFile& file) {
  if (file.path.empty()) return MasterKey::random();
  if (url.engine == StoreUrl::Engine::postgres) return read_key_file(file);
  const auto there = is_store(database);
  if (!there) return there.error();
  if (*there) return read_key_file(file);
  auto key = read_key_file_if_there(file);
  if (!key) return key.error();
  if (*key) return **key;
  return make_key_file(file);
}

StoreError of_store(const StoreUrl& url, StoreError error) {
  error.text = url.shown + ": " + error.text;
  return error;
}

// Of what one account has in the log.
void check_log(Transaction& transaction, const AccountRow& account) {
  const auto rows = transaction.rows(
      "SELECT count(*), COALESCE(min(number), 0), COALESCE(max(number), 0) FROM updates "
      "WHERE account = $1",
      {std::string_view(account.name)});
  if (!transaction.ok() || rows[0][0].number() == 0) return;
  const auto count = rows[0][0].number(), least = rows[0][1].number(), most = rows[0][2].number();
  if (most - least + 1 != count) {
    transaction.fail(StoreErrc::damaged, "the log of " + account.name + " has a hole");
  }
  if (most != account.log_number) {
    transaction.fail(StoreErrc::damaged, "the log of " + account.name + " does not end with " +
                                             std::to_string(account.log_number));
  }
}

void check_webhooks(Transaction& transaction, const AccountRow& account, const MasterKey& key) {
  for (const auto& webhook : WebhookTable::list(transaction, account.name)) {
    WebhookTable::load(transaction, account.name, webhook.name, key);
    const auto delivered = webhook.progress.delivered;
    if (delivered >= 0 && delivered <= account.log_number) continue;
    transaction.fail(StoreErrc::damaged, "the webhook " + webhook.name + " of " + account.name +
                                             " had " + std::to_string(delivered) +
                                             ", which its log never had");
  }
}

void check_orphans(Transaction& transaction, const std::string& table, const std::string& what) {
  const auto orphans = transaction.rows(
      "SELECT account FROM " + table + " WHERE account NOT IN (SELECT name FROM accounts) LIMIT 1");
  if (orphans.empty()) return;
  transaction.fail(StoreErrc::damaged, "there is " + what + " of " +
                                           std::string(orphans[0][0].text()) + ", but no account");
}

}  // namespace

StoreResult<std::unique_ptr<AccountStore>> AccountStore::open(const StoreUrl& url,
                                                              const KeyFile& file) {
  auto database = open_database(url);
  if (!database) return database.error();
  auto key = key_for(**database, url, file);
  if (!key) return of_store(url, key.error());
  auto out = open(std::move(*database), *key);
  if (!out) return of_store(url, out.error());
  return out;
}

StoreResult<std::unique_ptr<AccountStore>> AccountStore::open(std::unique_ptr<Database> database,
                                                              MasterKey key) {
  if (const auto ready = migrate(*database, key); !ready) return ready.error();
  return std::unique_ptr<AccountStore>(new AccountStore(std::move(database), key));
}

StoreResult<std::string> AccountStore::check() {
  auto found = database_->check();
  if (!found || !found->empty()) return found;
  Transaction transaction(*database_, Database::Mode::read);
  check_key(transaction, key_);
  for (const auto& account : AccountTable::list(transaction)) {
    AccountTable::load(transaction, account.name, key_);
    check_log(transaction, account);
    check_webhooks(transaction, account, key_);
  }
  check_orphans(transaction, "updates", "a log");
  check_orphans(transaction, "webhooks", "a webhook");
  const auto done = transaction.commit();
  if (done) return std::string();
  const auto& error = done.error();
  if (error.code == StoreErrc::damaged || error.code == StoreErrc::wrong_key) return error.text;
  return error;
}

StoreStatus AccountStore::rekey(const MasterKey& next) {
  {
    Transaction transaction(*database_, Database::Mode::write);
    transaction.claim(Database::Claim::alone);
    check_key(transaction, key_);
    for (const auto& row : AccountTable::list(transaction)) {
      const auto account = AccountTable::load(transaction, row.name, key_);
      if (!account) break;
      const auto sealed = next.seal(account->auth_key.bytes(), key_material_place(row.name));
      transaction.change("UPDATE accounts SET key_material = $2 WHERE name = $1",
                         {std::string_view(row.name), tl::ByteView(sealed)});
      WebhookTable::seal_again(transaction, row.name, key_, next);
    }
    const auto check = make_key_check(next);
    transaction.change("UPDATE meta SET key_check = $1", {tl::ByteView(check)});
    if (const auto done = transaction.commit(); !done) return done;
  }
  key_ = next;
  // What was sealed with the old key goes from the disk, too.
  const auto purged = database_->purge();
  if (purged) return purged;
  auto error = purged.error();
  error.text =
      "everything is sealed with the new key, but what the old one opens is not gone from the "
      "disk yet: " +
      error.text;
  return error;
}

}  // namespace server::store
