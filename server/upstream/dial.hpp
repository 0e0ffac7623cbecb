// A TCP connection to one of several addresses, within a time for all of them: tried in their order,
// a quarter of a second apart, so that one that does not answer holds nothing up.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/upstream/telegram.hpp"

namespace server::upstream {

struct Dialled {
  boost::asio::ip::tcp::socket socket;
  boost::system::error_code why;  // set: there is no connection
  std::string where;              // the last address tried, "149.154.167.51:443"
};

// Ends a dial() from outside.
class DialStop {
 public:
  void stop();

 private:
  friend boost::asio::awaitable<Dialled> dial(std::vector<Address>, std::chrono::milliseconds,
                                              std::shared_ptr<DialStop>);
  bool stopped_ = false;
  std::function<void()> cancel_;
};

boost::asio::awaitable<Dialled> dial(std::vector<Address> addresses,
                                     std::chrono::milliseconds timeout,
                                     std::shared_ptr<DialStop> stop);

}  // namespace server::upstream
