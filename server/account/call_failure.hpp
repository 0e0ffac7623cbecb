// Why a call came to nothing, in the words of server/API.md.
#pragma once

#include "server/account/dc_connections.hpp"
#include "server/protocol/failure.hpp"

namespace server::account {

// It can't be made.
Failure no_way_to(const DcConnections&, mtproto::DcId, DcConnections::Reach);
Failure unreachable(const DcConnections&, mtproto::DcId, const upstream::UpstreamFailure&);
// How it ended, but for its answer.
Failure call_failure(const DcConnections&, mtproto::DcId, const CallOutcome&);

}  // namespace server::account
