// Who is at the other end of a client's socket.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace server {

struct Peer {
  boost::asio::ip::address address;
  bool local_socket = false;  // a socket file: it has no address
};

}  // namespace server
