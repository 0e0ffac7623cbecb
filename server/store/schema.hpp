// The tables of a store, and how those of an older version become those of today.
//
//   meta      one row: the schema's version, from which version of it on programs can use it
//             (usable_from), and what shows that a master key is the right one
//   accounts  one row each; key_material is sealed, log_number is the newest update's number
//   updates   the log: under (account, number) the body as TL in its layer; at: Unix time in ms
//   webhooks  under (account, name) where updates go, up to which number they went (delivered), and
//             what became of the last call; secret is sealed
//   answers   under (account, method, idempotency_key) the digest of a call's arguments, when it was
//             begun (Unix time in ms), and what was answered; status NULL: that is not known
//   leases    which node owns an account, until when (lease_table.hpp); of PostgreSQL alone
//   nodes     which nodes there are, until when (node_table.hpp); of PostgreSQL alone
//
// meta.version is there in every version, also those to come, and meta.usable_from from 5 on: so
// gateways of two versions share a store while they are upgraded one after another. A step that
// those of the version before can't live with (a column that they would have to fill, a table that
// goes) waits for a later one, or raises usable_from and is not rolled out one by one.
#pragma once

#include "server/store/database.hpp"
#include "server/store/master_key.hpp"

namespace server::store {

inline constexpr std::int64_t schema_version = 6;
// What programs of that version of the schema find here is what they know.
inline constexpr std::int64_t schema_usable_from = 5;

// Whether anything of a store is in it yet.
StoreResult<bool> is_store(Database&);

// False where something of it is older; errors as of migrate(). One of tomorrow that today's
// programs can use is of today. Changes nothing.
StoreResult<bool> is_of_today(Database&, const MasterKey&);

// Makes what is missing, in one transaction, alone; leaves a schema of today untouched. too_new for
// one of tomorrow, wrong_key where it is sealed with another key.
StoreStatus migrate(Database&, const MasterKey&);

}  // namespace server::store
