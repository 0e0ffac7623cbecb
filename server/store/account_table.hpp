// The accounts that the gateway keeps: who they are, and what opens their sessions. The key is
// sealed on its way in and opened on its way out.
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

// 1 to 64 of a-z 0-9 . _ -
bool is_account_name(std::string_view);
inline constexpr std::string_view account_name_due = "1 to 64 of a-z, 0-9, dot, _ and - are due";

// When an account is connected.
enum class Keep {
  attached,  // while somebody uses it
  always
};
std::string_view name_of(Keep);

struct AccountRow {
  std::string name;
  std::int64_t dc = 0;  // home
  std::optional<std::int64_t> user_id;
  std::int64_t api_id = 0;   // 0: the gateway's own
  std::string update_state;  // JSON; empty: none yet
  Keep keep = Keep::attached;
  std::string settings = "{}";  // JSON
  std::int64_t log_number = 0;  // of the newest update; the log alone moves it
  std::int64_t changed = 0;     // Unix time in ms
};

struct StoredAccount : AccountRow {
  mtproto::SecretBytes auth_key;  // 256 bytes
};

class AccountTable {
 public:
  AccountTable(Database& database, const MasterKey& key) : database_(database), key_(key) {}

  // By name.
  StoreResult<std::vector<AccountRow>> list();
  StoreResult<AccountRow> find(std::string_view name);
  StoreResult<StoredAccount> load(std::string_view name);

  // `now`: Unix time in ms. account_exists where there is one of that name.
  StoreStatus add(const StoredAccount&, std::int64_t now);
  // All or none.
  StoreStatus add(const std::vector<StoredAccount>&, std::int64_t now);
  // Adds, or replaces all but the log and its number. lease_lost where the mark is old.
  StoreStatus save(const StoredAccount&, std::int64_t now, const LeaseMark& mark = {});
  StoreStatus set_keep(std::string_view name, Keep, std::int64_t now);
  // With its log and its webhooks. lease_lost where the mark is old.
  StoreStatus remove(std::string_view name, const LeaseMark& mark = {});

  // For those who write keys in transactions of their own, which claimed.
  static void insert(Transaction&, const StoredAccount&, const MasterKey&, std::int64_t now);
  static std::vector<AccountRow> list(Transaction&);
  // None: the transaction failed.
  static std::optional<StoredAccount> load(Transaction&, std::string_view name, const MasterKey&);

 private:
  Database& database_;
  const MasterKey& key_;
};

// Where an account's key stands, for MasterKey.
std::string key_material_place(std::string_view name);

}  // namespace server::store
