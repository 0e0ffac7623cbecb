#include "server/gateway/thread_state.hpp"

#include "server/gateway/gateway.hpp"

namespace server {

ThreadState::ThreadState(Gateway& gateway_in, tl::Random& random_in,
                         boost::asio::any_io_executor executor_in, Counters& counters_in,
                         account::Accounts& accounts)
    : gateway(gateway_in),
      random(random_in),
      executor(std::move(executor_in)),
      counters(counters_in),
      services{accounts,
               gateway.memory,
               counters,
               random,
               {gateway.pool, executor},
               gateway.options.rpc_timeout,
               gateway.options.send_tracebacks,
               gateway.options.print_tracebacks} {}

}  // namespace server
