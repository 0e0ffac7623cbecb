// Hears from the kernel when an address or a route appears, so that those who wait for the network
// to come back need not wait for their next try. One thread's. rtnetlink(7)
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <set>

namespace server::upstream {

class NetworkUser {
 public:
  virtual ~NetworkUser() = default;
  virtual void on_network() = 0;
};

class NetworkWatch {
 public:
  // Where the kernel does not let us listen nobody is ever told.
  explicit NetworkWatch(const boost::asio::any_io_executor&);
  ~NetworkWatch();
  NetworkWatch(const NetworkWatch&) = delete;
  NetworkWatch& operator=(const NetworkWatch&) = delete;

  void join(NetworkUser& user);
  void leave(NetworkUser& user);
  // Tells all who have joined.
  void changed();
  void close();

 private:
  struct Socket;
  std::shared_ptr<Socket> socket_;
  std::set<NetworkUser*> users_;
};

}  // namespace server::upstream
