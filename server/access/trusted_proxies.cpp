#include "server/access/trusted_proxies.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include "tl/numbers.hpp"

namespace server::access {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned all_bits = 128;
constexpr unsigned bits_before_v4 = 96;

ip::address_v6 mapped(const ip::address& address) {
  return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
}

// With nothing set behind the first `bits`.
bool begins_network(const ip::address_v6& address, unsigned bits) {
  const auto bytes = address.to_bytes();
  for (unsigned i = bits; i < all_bits; ++i) {
    if ((bytes[i / 8] >> (7 - i % 8) & 1) != 0) return false;
  }
  return true;
}

}  // namespace

bool TrustedProxies::Range::holds(const ip::address_v6& address) const {
  const auto a = first.to_bytes();
  const auto b = address.to_bytes();
  const auto whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  if (bits % 8 == 0) return true;
  return (a[whole] ^ b[whole]) >> (8 - bits % 8) == 0;
}

bool TrustedProxies::add(std::string_view text) {
  if (text == "unix") {
    unix_ = true;
    return true;
  }
  const auto slash = text.find('/');
  boost::system::error_code why;
  const auto address = ip::make_address(std::string(text.substr(0, slash)), why);
  if (why || text.find('%') != text.npos) return false;
  Range range{mapped(address), all_bits};
  if (slash != text.npos) {
    const auto before = address.is_v4() ? bits_before_v4 : 0;
    const auto bits = tl::parse_count(text.substr(slash + 1), 0, all_bits - before);
    if (!bits) return false;
    range.bits = before + static_cast<unsigned>(*bits);
    if (!begins_network(range.first, range.bits)) return false;
  }
  ranges_.push_back(range);
  return true;
}

bool TrustedProxies::trusts(const Peer& peer) const {
  if (peer.local_socket) return unix_;
  const auto address = mapped(peer.address);
  return std::ranges::any_of(ranges_, [&](const Range& range) { return range.holds(address); });
}

}  // namespace server::access
