// Whose word is taken for whom they speak (--trust-proxy): addresses, networks, and `unix`, whoever
// comes to the socket file.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/peer.hpp"

namespace server::access {

class TrustedProxies {
 public:
  TrustedProxies() = default;
  explicit TrustedProxies(const std::vector<std::string>& all) {
    for (const auto& one : all) add(one);
  }

  // False where it is none of "unix", an address, or a network such as 10.0.0.0/8.
  bool add(std::string_view text);
  bool trusts(const Peer& peer) const;

 private:
  struct Range {
    boost::asio::ip::address_v6 first;  // IPv4 is mapped
    unsigned bits;
    bool holds(const boost::asio::ip::address_v6& address) const;
  };

  std::vector<Range> ranges_;
  bool unix_ = false;
};

}  // namespace server::access
