// What the clients of one thread share, beside what the whole process does.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "server/metering/metrics.hpp"
#include "tl/random.hpp"

namespace server {

class Gateway;
namespace account {
class Accounts;
}

struct ThreadState {
  Gateway& gateway;
  tl::Random& random;
  boost::asio::any_io_executor executor;
  Counters& counters;
  account::Accounts& accounts;
};

}  // namespace server
