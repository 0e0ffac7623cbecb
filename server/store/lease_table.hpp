// Which of the nodes that share a PostgreSQL owns an account: a row each, taken by compare-and-set
// and good until it expires. All time is the database's. A node is a process, by a name that no
// other one has ever had.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/database.hpp"

namespace server::store {

struct LeaseNode {
  std::string id;
  std::string url;  // where others reach it; may be empty
};

struct Lease {
  std::string account;
  std::int64_t epoch = 0;  // another and higher one each time that it is taken

  bool operator==(const Lease&) const = default;
};

struct LeaseOffer {
  std::int64_t epoch = 0;  // 0: it is another's
  // Whose it is; where it was taken: whose it was until it ran out, or empty.
  LeaseNode other;
  std::int64_t left_ms = 0;  // until it runs out there
};

struct LeaseRow : Lease {
  LeaseNode node;
  std::int64_t left_ms = 0;  // until it expires; not above 0: it has
};

class LeaseTable {
 public:
  using Duration = std::chrono::milliseconds;

  explicit LeaseTable(Database& database) : database_(database) {}

  // One that is free, has expired, or is the node's own, which then has another epoch. One
  // statement, and one more where it is another's.
  StoreResult<LeaseOffer> take(std::string_view account, const LeaseNode&, Duration ttl);
  // All that the node has and that have not expired, in one statement: those that it has.
  StoreResult<std::vector<Lease>> renew(std::string_view node, Duration ttl);
  // Those that are still the node's under that epoch.
  StoreStatus give_back(std::string_view node, std::span<const Lease>);
  StoreStatus give_back_all(std::string_view node);
  // By account.
  StoreResult<std::vector<LeaseRow>> list();
  // Accounts that are to be connected though nobody asks for them (always, or for a webhook), and
  // that no node has: so many of them, drawn by lot, so that nodes that look at once share them.
  StoreResult<std::vector<std::string>> unowned(std::int64_t most);
  // Rows of those that expired a day ago, of which nobody has any use.
  StoreStatus sweep();

  // Has the server end a transaction of this connection that is left open so long: a node that was
  // stopped in the middle of one must not keep others from its accounts.
  StoreStatus limit_open_transactions(Duration most);

 private:
  StoreStatus run(std::string_view sql, std::initializer_list<Parameter>);

  Database& database_;
};

}  // namespace server::store
