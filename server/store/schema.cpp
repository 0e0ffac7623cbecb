#include "server/store/schema.hpp"

#include <algorithm>

#include "server/store/key_check.hpp"
#include "server/store/transaction.hpp"

namespace server::store {
namespace {

// What makes version N + 1 of version N. Never changed once it was released.
constexpr const char* version_1[] = {
    "CREATE TABLE meta(version BIGINT NOT NULL, key_check BYTEA NOT NULL)",
    "CREATE TABLE accounts(name TEXT NOT NULL PRIMARY KEY, dc BIGINT NOT NULL, "
    "key_material BYTEA NOT NULL, user_id BIGINT, api_id BIGINT NOT NULL, "
    "update_state TEXT NOT NULL, keep TEXT NOT NULL, settings TEXT NOT NULL, "
    "log_number BIGINT NOT NULL, changed BIGINT NOT NULL)",
    "CREATE TABLE updates(account TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, "
    "layer BIGINT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY(account, number))",
};

constexpr const char* version_2[] = {
    "CREATE TABLE webhooks(account TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, "
    "types TEXT NOT NULL, secret BYTEA NOT NULL, delivered BIGINT NOT NULL, state TEXT NOT NULL, "
    "failing_since BIGINT, attempts BIGINT NOT NULL, next_attempt BIGINT NOT NULL, "
    "last_status BIGINT, last_error TEXT NOT NULL, created BIGINT NOT NULL, "
    "changed BIGINT NOT NULL, PRIMARY KEY(account, name))",
};

constexpr const char* version_3[] = {
    "CREATE TABLE answers(account TEXT NOT NULL, method TEXT NOT NULL, "
    "idempotency_key TEXT NOT NULL, body BYTEA NOT NULL, begun BIGINT NOT NULL, status BIGINT, "
    "answer BYTEA NOT NULL, PRIMARY KEY(account, method, idempotency_key))",
    "CREATE INDEX answers_begun ON answers(begun)",
};

// (account, epoch) is a key of its own so that an epoch that changes waits for those who hold the
// row FOR KEY SHARE (lease_mark.hpp); what renews leaves room for itself in the page.
constexpr const char* version_4[] = {
    "CREATE TABLE leases(account TEXT NOT NULL PRIMARY KEY, node TEXT NOT NULL, "
    "url TEXT NOT NULL, epoch BIGINT NOT NULL, expires BIGINT NOT NULL, UNIQUE(account, epoch))",
    "CREATE INDEX leases_of_node ON leases(node)",
};

constexpr const char* version_5[] = {
    "ALTER TABLE meta ADD COLUMN usable_from BIGINT NOT NULL DEFAULT 5",
};

constexpr const char* version_6[] = {
    "CREATE TABLE nodes(node TEXT NOT NULL PRIMARY KEY, url TEXT NOT NULL, "
    "expires BIGINT NOT NULL)",
};

constexpr std::span<const char* const> steps[] = {version_1, version_2, version_3,
                                                  version_4, version_5, version_6};
static_assert(std::size(steps) == schema_version);

std::int64_t version_of(Transaction& transaction) {
  if (!transaction.has_table("meta")) return 0;
  const auto rows = transaction.rows("SELECT version FROM meta");
  return rows.empty() ? 0 : rows[0][0].number();
}

void refuse_newer(Transaction& transaction, std::int64_t version) {
  if (!transaction.ok() || version <= schema_version) return;
  const auto rows = transaction.rows("SELECT usable_from FROM meta");
  if (!transaction.ok() || (!rows.empty() && rows[0][0].number() <= schema_version)) return;
  transaction.fail(StoreErrc::too_new,
                   "it was made by a newer version of streamjson (its schema has version " +
                       std::to_string(version) + ", this program knows " +
                       std::to_string(schema_version) + "): use that one");
}

void migrate_from(Transaction& transaction, std::int64_t version, const MasterKey& key) {
  for (auto at = version; at < schema_version; ++at) {
    for (const auto* sql : steps[at]) transaction.rows(sql);
  }
  if (version == 0) {
    const auto check = make_key_check(key);
    transaction.change("INSERT INTO meta(version, usable_from, key_check) VALUES($1, $2, $3)",
                       {schema_version, schema_usable_from, tl::ByteView(check)});
  } else {
    transaction.change("UPDATE meta SET version = $1, usable_from = $2",
                       {schema_version, schema_usable_from});
  }
}

}  // namespace

StoreResult<bool> is_store(Database& database) { return database.has_table("meta"); }

StoreResult<bool> is_of_today(Database& database, const MasterKey& key) {
  Transaction transaction(database, Database::Mode::read);
  const auto version = version_of(transaction);
  refuse_newer(transaction, version);
  if (version > 0) check_key(transaction, key);
  if (!transaction.ok()) return transaction.error();
  return version >= schema_version;
}

// A store that can't be written can be looked at all the same.
StoreStatus migrate(Database& database, const MasterKey& key) {
  const auto ready = is_of_today(database, key);
  if (!ready) return ready.error();
  if (*ready) return {};
  Transaction transaction(database, Database::Mode::write);
  transaction.claim(Database::Claim::alone);
  // Looked at again: somebody else may have been faster.
  const auto version = version_of(transaction);
  refuse_newer(transaction, version);
  if (version > 0) check_key(transaction, key);
  if (version < schema_version) migrate_from(transaction, version, key);
  return transaction.commit();
}

}  // namespace server::store
