// The webhooks of the accounts that are kept: where their updates go, and how far that is. The
// secret that calls are signed with is sealed on its way in and opened on its way out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/crypto/secret.hpp"
#include "server/store/database.hpp"
#include "server/store/lease_mark.hpp"
#include "server/store/master_key.hpp"
#include "server/store/transaction.hpp"

namespace server::store {

// As accounts are named: is_account_name().
enum class WebhookState {
  active,
  failed  // given up, until it is put again
};
std::string_view name_of(WebhookState);

// What its calls have come to.
struct WebhookProgress {
  std::int64_t delivered = 0;  // the log's number up to which all went out or was passed over
  WebhookState state = WebhookState::active;
  std::optional<std::int64_t> failing_since;  // Unix time in ms; none: the last call went well
  std::int64_t attempts = 0;                  // that failed since then
  std::int64_t next_attempt = 0;              // Unix time in ms; 0: whenever there is something
  std::optional<std::int64_t> last_status;    // of HTTP; none: no answer, or no call yet
  std::string last_error;                     // a sentence; empty: none

  bool operator==(const WebhookProgress&) const = default;
};

struct WebhookRow {
  std::string account, name;
  std::string url;
  std::string types;  // names of updates with commas between; empty: all
  WebhookProgress progress;
  std::int64_t created = 0;  // Unix time in ms
  std::int64_t changed = 0;  // the same of what was put, not of its progress; another one each time
};

struct StoredWebhook : WebhookRow {
  mtproto::SecretBytes secret;
};

class WebhookTable {
 public:
  static constexpr std::int64_t most_per_account = 100;

  WebhookTable(Database& database, const MasterKey& key) : database_(database), key_(key) {}

  // By account and name.
  StoreResult<std::vector<WebhookRow>> list();
  StoreResult<std::vector<WebhookRow>> list(std::string_view account);
  // no_such_webhook where there is none.
  StoreResult<WebhookRow> find(std::string_view account, std::string_view name);
  StoreResult<StoredWebhook> load(std::string_view account, std::string_view name);

  // Adds it, and it gets what the log gets from now on; or replaces URL, types and secret, and it
  // goes on where it was, also when it had failed. Of `webhook` no more counts than that. What is
  // there then. `now`: Unix time in ms. no_such_account, too_many_webhooks.
  StoreResult<WebhookRow> put(const StoredWebhook& webhook, std::int64_t now);
  StoreStatus remove(std::string_view account, std::string_view name);
  // False, and nothing is written, where it is gone or was put again since `changed`, or where more
  // was delivered already. lease_lost where the mark is old.
  StoreResult<bool> set_progress(std::string_view account, std::string_view name,
                                 std::int64_t changed, const WebhookProgress&,
                                 const LeaseMark& mark = {});

  // For those who write secrets in transactions of their own, which claimed.
  static std::vector<WebhookRow> list(Transaction&, std::string_view account);
  // None: the transaction failed.
  static std::optional<StoredWebhook> load(Transaction&, std::string_view account,
                                           std::string_view name, const MasterKey&);
  static void insert(Transaction&, const StoredWebhook&, const MasterKey&);
  static void seal_again(Transaction&, std::string_view account, const MasterKey& from,
                         const MasterKey& to);
  static void remove_all(Transaction&, std::string_view account);

 private:
  Database& database_;
  const MasterKey& key_;
};

}  // namespace server::store
