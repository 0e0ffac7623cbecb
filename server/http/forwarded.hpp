// For whom a request that came through trusted proxies was made: Forwarded (RFC 7239) or
// X-Forwarded-For. Each proxy adds at the end whom it was asked by, so they are read from there, and
// only as long as whoever says it is trusted.
#pragma once

#include <string>

#include "server/access/peer.hpp"
#include "server/access/trusted_proxies.hpp"
#include "server/http/head.hpp"
#include "tl/result.hpp"

namespace server::http {

// `peer` where it is not trusted or says nothing. A sentence where it says what can't be right.
tl::Result<Peer, std::string> client_of(const Peer& peer, const Head&,
                                        const access::TrustedProxies&);

}  // namespace server::http
