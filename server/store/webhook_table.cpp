#include "server/store/webhook_table.hpp"

#include "server/store/key_check.hpp"

namespace server::store {
namespace {

std::string secret_place(std::string_view account, std::string_view name) {
  return "webhooks.secret/" + std::string(account) + "/" + std::string(name);
}

const std::string webhook_columns =
    "account, name, url, types, delivered, state, failing_since, attempts, next_attempt, "
    "last_status, last_error, created, changed, secret";
const std::string select_webhooks = "SELECT " + webhook_columns + " FROM webhooks";

constexpr std::size_t secret_column = 13;

void read_webhook(const Row& row, WebhookRow& out) {
  out.account = row[0].text();
  out.name = row[1].text();
  out.url = row[2].text();
  out.types = row[3].text();
  out.progress.delivered = row[4].number();
  out.progress.state = row[5].text() == "failed" ? WebhookState::failed : WebhookState::active;
  out.progress.failing_since = row[6].optional_number();
  out.progress.attempts = row[7].number();
  out.progress.next_attempt = row[8].number();
  out.progress.last_status = row[9].optional_number();
  out.progress.last_error = row[10].text();
  out.created = row[11].number();
  out.changed = row[12].number();
}

std::vector<WebhookRow> read_webhooks(const std::vector<Row>& rows) {
  std::vector<WebhookRow> out;
  for (const auto& row : rows) read_webhook(row, out.emplace_back());
  return out;
}

void fail_without_webhook(Transaction& transaction, std::string_view account,
                          std::string_view name) {
  if (!transaction.ok()) return;
  transaction.fail(StoreErrc::no_such_webhook,
                   std::string(account) + " has no webhook " + std::string(name));
}

std::optional<Row> webhook_row(Transaction& transaction, std::string_view account,
                               std::string_view name) {
  auto rows =
      transaction.rows(select_webhooks + " WHERE account = $1 AND name = $2", {account, name});
  if (!rows.empty()) return std::move(rows[0]);
  fail_without_webhook(transaction, account, name);
  return std::nullopt;
}

// The newest number of the account's log. Its row is ours until the end of the transaction, so that
// the account can't go meanwhile and nobody else counts its webhooks.
std::int64_t hold_account(Transaction& transaction, std::string_view account) {
  const auto rows = transaction.rows(
      "UPDATE accounts SET log_number = log_number WHERE name = $1 RETURNING log_number",
      {account});
  if (transaction.ok() && rows.empty()) {
    transaction.fail(StoreErrc::no_such_account, "there is no account " + std::string(account));
  }
  return rows.empty() ? 0 : rows[0][0].number();
}

void refuse_too_many(Transaction& transaction, std::string_view account) {
  const auto rows = transaction.rows("SELECT count(*) FROM webhooks WHERE account = $1", {account});
  if (!transaction.ok() || rows[0][0].number() <= WebhookTable::most_per_account) return;
  transaction.fail(StoreErrc::too_many_webhooks,
                   std::string(account) + " has " + std::to_string(WebhookTable::most_per_account) +
                       " webhooks already");
}

constexpr std::string_view put_webhook_sql =
    "INSERT INTO webhooks(account, name, url, types, secret, delivered, state, attempts, "
    "next_attempt, last_error, created, changed) "
    "VALUES($1, $2, $3, $4, $5, $6, 'active', 0, 0, '', $7, $7) "
    "ON CONFLICT(account, name) DO UPDATE SET url = excluded.url, types = excluded.types, "
    "secret = excluded.secret, state = 'active', failing_since = NULL, attempts = 0, "
    "next_attempt = 0, last_status = NULL, last_error = '', "
    "changed = CASE WHEN excluded.changed > webhooks.changed THEN excluded.changed "
    "ELSE webhooks.changed + 1 END";

constexpr std::string_view insert_webhook_sql =
    "INSERT INTO webhooks(account, name, url, types, delivered, state, failing_since, attempts, "
    "next_attempt, last_status, last_error, created, changed, secret) "
    "VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

constexpr std::string_view progress_sql =
    "UPDATE webhooks SET delivered = $4, state = $5, failing_since = $6, attempts = $7, "
    "next_attempt = $8, last_status = $9, last_error = $10 "
    "WHERE account = $1 AND name = $2 AND changed = $3 AND delivered <= $4";
const std::string progress_leased_sql = with_lease(11).append(progress_sql).append(if_leased);

}  // namespace

std::string_view name_of(WebhookState state) {
  return state == WebhookState::failed ? "failed" : "active";
}

std::vector<WebhookRow> WebhookTable::list(Transaction& transaction, std::string_view account) {
  return read_webhooks(
      transaction.rows(select_webhooks + " WHERE account = $1 ORDER BY name", {account}));
}

std::optional<StoredWebhook> WebhookTable::load(Transaction& transaction, std::string_view account,
                                                std::string_view name, const MasterKey& key) {
  const auto row = webhook_row(transaction, account, name);
  if (!row) return std::nullopt;
  StoredWebhook out;
  read_webhook(*row, out);
  auto opened = key.unseal((*row)[secret_column].blob(), secret_place(account, name));
  if (!opened) {
    transaction.fail(opened.error().code, "the secret of the webhook " + out.name + " of " +
                                              out.account + ": " + opened.error().text);
    return std::nullopt;
  }
  out.secret = std::move(*opened);
  return out;
}

void WebhookTable::insert(Transaction& transaction, const StoredWebhook& webhook,
                          const MasterKey& key) {
  const auto sealed = key.seal(webhook.secret.bytes(), secret_place(webhook.account, webhook.name));
  const auto& progress = webhook.progress;
  transaction.change(
      insert_webhook_sql,
      {std::string_view(webhook.account), std::string_view(webhook.name),
       std::string_view(webhook.url), std::string_view(webhook.types), progress.delivered,
       name_of(progress.state), progress.failing_since, progress.attempts, progress.next_attempt,
       progress.last_status, std::string_view(progress.last_error), webhook.created,
       webhook.changed, tl::ByteView(sealed)});
}

void WebhookTable::seal_again(Transaction& transaction, std::string_view account,
                              const MasterKey& from, const MasterKey& to) {
  for (const auto& row : list(transaction, account)) {
    const auto webhook = load(transaction, account, row.name, from);
    if (!webhook) return;
    const auto sealed = to.seal(webhook->secret.bytes(), secret_place(account, row.name));
    transaction.change("UPDATE webhooks SET secret = $3 WHERE account = $1 AND name = $2",
                       {account, std::string_view(row.name), tl::ByteView(sealed)});
  }
}

void WebhookTable::remove_all(Transaction& transaction, std::string_view account) {
  transaction.change("DELETE FROM webhooks WHERE account = $1", {account});
}

StoreResult<std::vector<WebhookRow>> WebhookTable::list() {
  Transaction transaction(database_, Database::Mode::read);
  auto out = read_webhooks(transaction.rows(select_webhooks + " ORDER BY account, name"));
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreResult<std::vector<WebhookRow>> WebhookTable::list(std::string_view account) {
  Transaction transaction(database_, Database::Mode::read);
  auto out = list(transaction, account);
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreResult<WebhookRow> WebhookTable::find(std::string_view account, std::string_view name) {
  Transaction transaction(database_, Database::Mode::read);
  WebhookRow out;
  if (const auto row = webhook_row(transaction, account, name)) read_webhook(*row, out);
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreResult<StoredWebhook> WebhookTable::load(std::string_view account, std::string_view name) {
  Transaction transaction(database_, Database::Mode::read);
  auto out = load(transaction, account, name, key_);
  if (const auto done = transaction.commit(); !done) return done.error();
  return std::move(*out);
}

StoreResult<WebhookRow> WebhookTable::put(const StoredWebhook& webhook, std::int64_t now) {
  Transaction transaction(database_, Database::Mode::write);
  transaction.claim(Database::Claim::shared);
  check_key(transaction, key_);
  const auto newest = hold_account(transaction, webhook.account);
  const auto sealed =
      key_.seal(webhook.secret.bytes(), secret_place(webhook.account, webhook.name));
  transaction.change(put_webhook_sql,
                     {std::string_view(webhook.account), std::string_view(webhook.name),
                      std::string_view(webhook.url), std::string_view(webhook.types),
                      tl::ByteView(sealed), newest, now});
  refuse_too_many(transaction, webhook.account);
  WebhookRow out;
  if (const auto row = webhook_row(transaction, webhook.account, webhook.name)) {
    read_webhook(*row, out);
  }
  if (const auto done = transaction.commit(); !done) return done.error();
  return out;
}

StoreStatus WebhookTable::remove(std::string_view account, std::string_view name) {
  Transaction transaction(database_, Database::Mode::write);
  const auto gone =
      transaction.change("DELETE FROM webhooks WHERE account = $1 AND name = $2", {account, name});
  if (gone == 0) fail_without_webhook(transaction, account, name);
  return transaction.commit();
}

StoreResult<bool> WebhookTable::set_progress(std::string_view account, std::string_view name,
                                             std::int64_t changed, const WebhookProgress& progress,
                                             const LeaseMark& mark) {
  Transaction transaction(database_, Database::Mode::write);
  const std::string_view state = name_of(progress.state), error = progress.last_error;
  const auto& p = progress;
  const auto written =
      mark ? transaction.change(
                 progress_leased_sql,
                 {account, name, changed, p.delivered, state, p.failing_since, p.attempts,
                  p.next_attempt, p.last_status, error, std::string_view(mark.node), mark.epoch})
           : transaction.change(progress_sql,
                                {account, name, changed, p.delivered, state, p.failing_since,
                                 p.attempts, p.next_attempt, p.last_status, error});
  if (written == 0) hold_lease(transaction, account, mark);
  if (const auto done = transaction.commit(); !done) return done.error();
  return written == 1;
}

}  // namespace server::store
