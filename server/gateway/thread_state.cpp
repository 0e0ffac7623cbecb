#include "server/gateway/thread_state.hpp"

#include "server/gateway/gateway.hpp"
#include "server/gateway/keyed_calls.hpp"
#include "server/gateway/node_link.hpp"

namespace server {

namespace {

std::optional<NamedPlaces> places(named::NamedAccounts* accounts, const ServerChoice& server,
                                  std::size_t thread, std::size_t threads) {
  if (accounts == nullptr) return {};
  return NamedPlaces{*accounts, server, thread, threads};
}

}  // namespace

ThreadState::ThreadState(Gateway& gateway_in, tl::Random& random_in,
                         boost::asio::any_io_executor executor_in, Counters& counters_in,
                         account::Accounts& accounts, named::NamedAccounts* named_accounts)
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
               gateway.options.print_tracebacks},
      usual_server(server::usual_server(gateway)),
      named(places(named_accounts, *usual_server, accounts.services().thread,
                   gateway.options.threads)),
      keyed(std::make_unique<KeyedCalls>(*this)),
      nodes(std::make_unique<NodeLinks>(*this)) {}

ThreadState::~ThreadState() = default;

}  // namespace server
