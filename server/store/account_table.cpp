#include "server/store/account_table.hpp"

#include <algorithm>

#include "server/store/answer_table.hpp"
#include "server/store/key_check.hpp"
#include "server/store/webhook_table.hpp"

namespace server::store {
namespace {

constexpr std::size_t longest_name = 64;

Keep keep_of(std::string_view name) { return name == "always" ? Keep::always : Keep::attached; }

const std::string select =
    "SELECT name, dc, user_id, api_id, update_state, keep, settings, log_number, changed, "
    "key_material FROM accounts";

void read_into(const Row& row, AccountRow& out) {
  out.name = row[0].text();
  out.dc = row[1].number();
  out.user_id = row[2].optional_number();
  out.api_id = row[3].number();
  out.update_state = row[4].text();
  out.keep = keep_of(row[5].text());
  out.settings = row[6].text();
  out.log_number = row[7].number();
  out.changed = row[8].number();
}

void fail_without(Transaction& transaction, std::string_view name) {
  if (!transaction.ok()) return;
  transaction.fail(StoreErrc::no_such_account, "there is no account " + std::string(name));
}

std::optional<Row> row_of(Transaction& transaction, std::string_view name) {
  auto rows = transaction.rows(select + " WHERE name = $1", {name});
  if (!rows.empty()) return std::move(rows[0]);
  fail_without(transaction, name);
  return std::nullopt;
}

void put(Transaction& transaction, std::string_view sql, const StoredAccount& account,
         const MasterKey& key, std::int64_t now) {
  const auto sealed = key.seal(account.auth_key.bytes(), key_material_place(account.name));
  const auto changed = transaction.change(
      sql, {std::string_view(account.name), account.dc, tl::ByteView(sealed), account.user_id,
            account.api_id, std::string_view(account.update_state), name_of(account.keep),
            std::string_view(account.settings), account.log_number, now});
  if (transaction.ok() && changed == 0) {
    transaction.fail(StoreErrc::account_exists, "there is an account " + account.name + " already");
  }
}

constexpr std::string_view insert_sql =
    "INSERT INTO accounts(name, dc, key_material, user_id, api_id, update_state, keep, settings, "
    "log_number, changed) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT(name) DO NOTHING";

constexpr std::string_view save_sql =
    "INSERT INTO accounts(name, dc, key_material, user_id, api_id, update_state, keep, settings, "
    "log_number, changed) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT(name) DO UPDATE SET dc = excluded.dc, key_material = excluded.key_material, "
    "user_id = excluded.user_id, api_id = excluded.api_id, "
    "update_state = excluded.update_state, keep = excluded.keep, settings = excluded.settings, "
    "changed = excluded.changed";

}  // namespace

bool is_account_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::string_view name_of(Keep keep) { return keep == Keep::always ? "always" : "attached"; }

std::string key_material_place(std::string_view name) {
  return "accounts.key_material/" + std::string(name);
}

std::vector<AccountRow> AccountTable::list(Transaction& transaction) {
  std::vector<AccountRow> out;
  for (const auto& row : transaction.rows(select + " ORDER BY name")) {
    read_into(row, out.emplace_back());
  }
  return out;
}

std::optional<StoredAccount> AccountTable::load(Transaction& transaction, std::string_view name,
                                                const MasterKey& key) {
  const auto row = row_of(transaction, name);
  if (!row) return std::nullopt;
  StoredAccount out;
  read_into(*row, out);
  auto opened = key.unseal((*row)[9].blob(), key_material_place(name));
  if (!opened) {
    transaction.fail(opened.error().code, "the key of " + out.name + ": " + opened.error().text);
    return std::nullopt;
  }
  out.auth_key = std::move(*opened);
  return out;
}

void AccountTable::insert(Transaction& transaction, const StoredAccount& account,
                          const MasterKey& key, std::int64_t now) {
  put(transaction, insert_sql, account, key, now);
}

StoreResult<std::vector<AccountRow>> AccountTable::list() {
  Transaction transaction(database_, Database::Mode::read);
  auto out = list(transaction);
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreResult<AccountRow> AccountTable::find(std::string_view name) {
  Transaction transaction(database_, Database::Mode::read);
  AccountRow out;
  if (const auto row = row_of(transaction, name)) read_into(*row, out);
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreResult<StoredAccount> AccountTable::load(std::string_view name) {
  Transaction transaction(database_, Database::Mode::read);
  auto out = load(transaction, name, key_);
  if (const auto done = transaction.commit(); !done) return done.error();
  return std::move(*out);
}

StoreStatus AccountTable::add(const StoredAccount& account, std::int64_t now) {
  return add(std::vector{account}, now);
}

StoreStatus AccountTable::add(const std::vector<StoredAccount>& accounts, std::int64_t now) {
  Transaction transaction(database_, Database::Mode::write);
  transaction.claim(Database::Claim::shared);
  check_key(transaction, key_);
  for (const auto& account : accounts) insert(transaction, account, key_, now);
  return transaction.commit();
}

StoreStatus AccountTable::save(const StoredAccount& account, std::int64_t now,
                               const LeaseMark& mark) {
  Transaction transaction(database_, Database::Mode::write);
  hold_lease(transaction, account.name, mark);
  transaction.claim(Database::Claim::shared);
  check_key(transaction, key_);
  put(transaction, save_sql, account, key_, now);
  return transaction.commit();
}

StoreStatus AccountTable::set_keep(std::string_view name, Keep keep, std::int64_t now) {
  Transaction transaction(database_, Database::Mode::write);
  const auto there = transaction.change(
      "UPDATE accounts SET keep = $2, changed = $3 WHERE name = $1", {name, name_of(keep), now});
  if (there == 0) fail_without(transaction, name);
  return transaction.commit();
}

StoreStatus AccountTable::remove(std::string_view name, const LeaseMark& mark) {
  Transaction transaction(database_, Database::Mode::write);
  hold_lease(transaction, name, mark);
  const auto gone = transaction.change("DELETE FROM accounts WHERE name = $1", {name});
  transaction.change("DELETE FROM updates WHERE account = $1", {name});
  WebhookTable::remove_all(transaction, name);
  AnswerTable::remove_all(transaction, name);
  if (gone == 0) fail_without(transaction, name);
  return transaction.commit();
}

}  // namespace server::store
