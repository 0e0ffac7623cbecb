// What the clients of one thread share, beside what the whole process does.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "server/connection/connection_services.hpp"
#include "server/metering/metrics.hpp"
#include "tl/random.hpp"

namespace server {

class Gateway;

struct ThreadState {
  ThreadState(Gateway&, tl::Random&, boost::asio::any_io_executor, Counters&, account::Accounts&);

  Gateway& gateway;
  tl::Random& random;
  const boost::asio::any_io_executor executor;
  Counters& counters;
  const ConnectionServices services;
};

}  // namespace server
