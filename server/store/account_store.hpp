// A store that is open: its database, its key, and what is kept there. Synchronous: a call waits for
// the disk or the server, so it is made on a thread where nobody waits (store_thread.hpp).
#pragma once

#include <memory>
#include <string>

#include "server/store/account_table.hpp"
#include "server/store/answer_table.hpp"
#include "server/store/key_file.hpp"
#include "server/store/lease_table.hpp"
#include "server/store/node_table.hpp"
#include "server/store/store_url.hpp"
#include "server/store/update_log.hpp"
#include "server/store/webhook_table.hpp"

namespace server::store {

class AccountStore {
 public:
  // Opens, makes or migrates it. The key's file is made where the store is new.
  static StoreResult<std::unique_ptr<AccountStore>> open(const StoreUrl&, const KeyFile&);
  // With a key at hand, for a database that was opened already.
  static StoreResult<std::unique_ptr<AccountStore>> open(std::unique_ptr<Database>, MasterKey);

  AccountTable& accounts() { return accounts_; }
  UpdateLog& log() { return log_; }
  WebhookTable& webhooks() { return webhooks_; }
  AnswerTable& answers() { return answers_; }
  // Of a PostgreSQL alone.
  LeaseTable& leases() { return leases_; }
  NodeTable& nodes() { return nodes_; }
  Database& database() { return *database_; }
  const MasterKey& key() const { return key_; }

  // What is wrong in it, in words; empty: nothing.
  StoreResult<std::string> check();
  // Seals everything with another key: all of it or, after an error or a crash, nothing. Who has it
  // open elsewhere can't add accounts any more, until it is opened again.
  StoreStatus rekey(const MasterKey&);

 private:
  AccountStore(std::unique_ptr<Database> database, MasterKey key)
      : database_(std::move(database)),
        key_(key),
        accounts_(*database_, key_),
        log_(*database_),
        webhooks_(*database_, key_),
        answers_(*database_),
        leases_(*database_),
        nodes_(*database_) {}

  std::unique_ptr<Database> database_;
  MasterKey key_;
  AccountTable accounts_;
  UpdateLog log_;
  WebhookTable webhooks_;
  AnswerTable answers_;
  LeaseTable leases_;
  NodeTable nodes_;
};

}  // namespace server::store
