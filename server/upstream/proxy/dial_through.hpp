// A TCP connection to a data centre by way of a proxy, what has to be said to the proxy included,
// within a time for all of it. Where a proxy can't reach one address, it is asked for the next.
#pragma once

#include "server/upstream/dial.hpp"
#include "server/upstream/proxy/proxy.hpp"
#include "tl/random.hpp"

namespace server::upstream {

// Without a proxy it dials. An MTProxy knows the addresses itself.
boost::asio::awaitable<Dialled> dial_through(std::shared_ptr<const Proxy> proxy,
                                             std::vector<Address> addresses,
                                             std::chrono::milliseconds timeout, tl::Random& random,
                                             std::shared_ptr<DialStop> stop);

}  // namespace server::upstream
