// A connected socket, TCP or Unix, of which nobody waits for anything: it is read and written in the
// moment.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <span>

#include "tl/bytes.hpp"

namespace server::upstream {

class StreamSocket {
 public:
  // Takes it out of Asio's hands; closed by the destructor.
  explicit StreamSocket(boost::asio::generic::stream_protocol::socket socket);
  ~StreamSocket() { close(); }
  StreamSocket(const StreamSocket&) = delete;
  StreamSocket& operator=(const StreamSocket&) = delete;

  // How many bytes; `why` says would_block where there are none, and eof at the end.
  std::size_t read(std::span<std::uint8_t> to, boost::system::error_code& why);
  // How many of them; `why` says would_block where there is no room for one.
  std::size_t write(tl::ByteView bytes, boost::system::error_code& why);
  void shutdown_send();
  void close();

  int number() const { return number_; }
  // A Unix socket: what is read at a time ends where a message with a descriptor did.
  bool is_local() const { return local_; }

 private:
  int number_;
  bool local_;
};

}  // namespace server::upstream
