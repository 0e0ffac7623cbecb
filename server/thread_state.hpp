// What the clients of one thread share, beside what the whole process does.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "server/metrics.hpp"
#include "server/upstream/network_watch.hpp"
#include "tl/random.hpp"

namespace server {

class Gateway;
class SharedLinks;

struct ThreadState {
  Gateway& gateway;
  tl::Random& random;
  boost::asio::any_io_executor executor;
  Counters& counters;
  SharedLinks& links;  // of plain HTTP, where several requests may use one session
  upstream::NetworkWatch* network = nullptr;
};

}  // namespace server
