// What a connection needs of the thread and of the process that it lives in. All of it outlives it.
#pragma once

#include "server/account/accounts.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/metering/metrics.hpp"
#include "server/upstream/work_runner.hpp"
#include "tl/random.hpp"

namespace server {

struct ConnectionServices {
  account::Accounts& accounts;
  MemoryMeter& memory;
  Counters& counters;
  tl::Random& random;
  upstream::WorkRunner runner;
  mtproto::Duration rpc_timeout{};  // of a request that names none
  bool send_tracebacks = false;     // to clients
  bool print_tracebacks = false;
};

}  // namespace server
