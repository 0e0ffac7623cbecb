// Who is at the other end of a client's socket, or behind the proxy that is there.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>

namespace server {

struct Peer {
  boost::asio::ip::address address;
  bool local_socket = false;  // a socket file: it has no address
  bool proxied = false;       // the address is what a trusted proxy says

  // On this machine. Whom a proxy speaks for may be anywhere, whatever it calls them.
  bool near() const { return !proxied && (local_socket || address.is_loopback()); }
};

// For the log.
inline std::string shown(const Peer& peer) {
  return peer.local_socket ? "a local socket" : peer.address.to_string();
}

}  // namespace server
