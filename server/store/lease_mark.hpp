// What a write about an account names where several nodes share the store: the lease that its node
// holds. A write whose lease is old is refused, so that an owner that does not know yet that it is
// none any more changes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/store/transaction.hpp"

namespace server::store {

struct LeaseMark {
  std::string node;
  std::int64_t epoch = 0;  // 0: the store is one process's alone, and no write names a lease

  explicit operator bool() const { return epoch != 0; }
};

// Begins a statement that has the account as $1, the node as $`at` and the epoch as the one behind,
// and that does its work `WHERE … AND EXISTS(SELECT 1 FROM lease)`. Until the transaction ends nobody
// can take the lease; renewing it waits for nobody, as that leaves the epoch as it is.
// postgresql.org/docs/15/explicit-locking.html#LOCKING-ROWS
std::string with_lease(int at);
inline constexpr std::string_view if_leased = " AND EXISTS(SELECT 1 FROM lease)";

// In a transaction that writes: fails it with lease_lost where the lease is old, else holds it to
// the end. Nothing is asked where there is no mark.
void hold_lease(Transaction&, std::string_view account, const LeaseMark&);

}  // namespace server::store
