// What counts as one visitor among addresses, wherever anything is counted by address: an IPv4
// address, or the /64 of an IPv6 one, which a single machine has all of. An IPv4 address that is
// mapped into IPv6 is the IPv4 address.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <compare>
#include <cstdint>

namespace server::access {

struct Network {
  bool six = false;
  std::uint64_t prefix = 0;  // the address, or its first half

  auto operator<=>(const Network&) const = default;
};

Network network_of(const boost::asio::ip::address& address);

// ::ffff:192.0.2.1 as 192.0.2.1; any other as it is.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

}  // namespace server::access
