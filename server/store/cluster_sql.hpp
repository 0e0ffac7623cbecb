// What the statements about leases and nodes have in common. PostgreSQL alone.
#pragma once

#include <string>

namespace server::store {

// Milliseconds since 1970, not of the statement's beginning but of this moment: it may have waited.
inline const std::string db_time = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

// Of a row of `accounts`: it is to be connected though nobody asks for it.
inline const std::string stays =
    "(accounts.keep = 'always' OR EXISTS(SELECT 1 FROM webhooks WHERE webhooks.account = "
    "accounts.name AND webhooks.state = 'active'))";

}  // namespace server::store
