// The sockets that clients come to: one a TCP address, and perhaps a Unix socket file. Opened here,
// or passed by the service manager, which keeps them open while the program is started again.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <optional>
#include <string>
#include <vector>

#include "server/process/service_environment.hpp"

namespace server {

class Listeners {
 public:
  explicit Listeners(boost::asio::io_context& context) : context_(context) {}
  ~Listeners();  // removes the socket file
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  // "localhost" is 127.0.0.1 and ::1, both on the same port (0: a free one). Throws
  // std::runtime_error with a sentence for people.
  // `option`: which one to choose another port with.
  void listen_tcp(const std::string& host, std::uint16_t port,
                  const std::string& option = "--port");
  // Mode 0600. A file that nobody listens on any more is replaced.
  void listen_unix(const std::string& path);
  // Throws where listen_unix() would because of what is there.
  static void check_unix(const std::string& path);
  // Those that were passed, by their names: `port`, in the place of --host and --port, any number
  // of them; `listen`, in the place of --listen, one. Throws as the others do, also where one is no
  // socket of its kind that listens.
  void adopt(const std::vector<PassedSocket>&);
  void close();

  std::uint16_t port() const { return port_; }
  bool loopback_only() const;
  // Of the first TCP address, as --host takes it; "localhost" where all are loopback.
  std::string host() const;
  // Of the socket file; none where there is none, or it has no path.
  std::optional<std::string> path() const;

  std::vector<boost::asio::ip::tcp::acceptor>& tcp() { return tcp_; }
  std::optional<boost::asio::local::stream_protocol::acceptor>& local() { return local_; }

 private:
  void listen_localhost(std::uint16_t port, const std::string& option);
  void adopt_tcp(int descriptor, bool v6);

  boost::asio::io_context& context_;
  std::vector<boost::asio::ip::tcp::acceptor> tcp_;
  std::optional<boost::asio::local::stream_protocol::acceptor> local_;
  std::string path_;
  std::uint16_t port_ = 0;
};

}  // namespace server
