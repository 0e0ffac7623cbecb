#include "server/access/network.hpp"

namespace server::access {

namespace ip = boost::asio::ip;

ip::address unmapped(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

Network network_of(const ip::address& address) {
  const auto plain = unmapped(address);
  if (plain.is_v4()) return {false, plain.to_v4().to_uint()};
  const auto bytes = plain.to_v6().to_bytes();
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < sizeof prefix; ++i) prefix = prefix << 8 | bytes[i];
  return {true, prefix};
}

}  // namespace server::access
