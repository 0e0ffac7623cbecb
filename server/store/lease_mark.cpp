#include "server/store/lease_mark.hpp"

namespace server::store {

std::string with_lease(int at) {
  return "WITH lease AS (SELECT 1 FROM leases WHERE account = $1 AND node = $" +
         std::to_string(at) + " AND epoch = $" + std::to_string(at + 1) + " FOR KEY SHARE) ";
}

void hold_lease(Transaction& transaction, std::string_view account, const LeaseMark& mark) {
  if (!mark) return;
  static const std::string sql = with_lease(2) + "SELECT 1 FROM lease";
  const auto held = transaction.rows(sql, {account, std::string_view(mark.node), mark.epoch});
  if (!transaction.ok() || !held.empty()) return;
  transaction.fail(StoreErrc::lease_lost,
                   "the lease of account " + std::string(account) + " is not ours any more");
}

}  // namespace server::store
