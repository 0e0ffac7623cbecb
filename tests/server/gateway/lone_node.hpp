// One thread of a node that gets each lease which it asks for: a scripted Telegram, and a store in memory.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <memory>
#include <utility>

#include "server/gateway/gateway.hpp"
#include "server/gateway/keyed_calls.hpp"
#include "server/gateway/node_link.hpp"
#include "tests/server/cluster/granting_table.hpp"
#include "tests/server/connection/scripted_world.hpp"
#include "tests/server/named/store_bench.hpp"

namespace support {

struct LoneNode {
  const std::shared_ptr<const server::Schemes> schemes = connection_schemes();
  ScriptedRandom random{3};
  boost::asio::io_context context{1};  // outlives what posts to it
  ScriptedTelegram telegram{context.get_executor(), schemes->first().schema, silence};
  server::Gateway gateway;
  server::Counters& counters = gateway.metrics.add_thread();
  server::account::Accounts accounts{services()};
  server::named::NamedAccounts all{with_store()};
  server::ThreadState thread{gateway, random, context.get_executor(), counters, accounts, &all};

  explicit LoneNode(server::Options options = {})
      : gateway(one_thread(std::move(options)), schemes, ScriptedTelegram::telegram(), {}, 0) {
    gateway.threads = {&thread};
  }
  ~LoneNode() {
    all.close();
    // What the lease's thread says in the end finds it still.
    bool last = false;
    const auto then = [&](const server::cluster::LeasePointer&,
                          const server::cluster::LeaseRefusal&) { last = true; };
    gateway.leases->want({"last", context.get_executor(), then, [] {}});
    until([&] { return last; });
    gateway.store.reset();
    turn();
    gateway.leases.reset();
  }

  void turn() {
    context.restart();
    context.poll();
  }
  // What the lease's thread and the store say comes by itself.
  template <class Enough>
  bool until(Enough enough) {
    const auto work = boost::asio::make_work_guard(context);
    for (int i = 0; i < 2000 && !enough(); ++i) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
    }
    return enough();
  }

 private:
  static server::Options one_thread(server::Options options) {
    options.threads = 1;
    return options;
  }
  server::account::AccountServices services() {
    auto out = account_services(gateway, random, context.get_executor(), counters, nullptr);
    out.make_upstream = telegram.maker();
    return out;
  }
  server::named::NamedServices with_store() {
    gateway.leases = std::make_unique<server::cluster::NodeLeases>(
        server::store::LeaseNode{"node", ""}, std::chrono::minutes(1), cluster_test::open_table);
    gateway.store = std::make_unique<server::store::StoreThread>(named_test::open_store(),
                                                                 cluster_test::open_table);
    return named_services(gateway, accounts);
  }
};

}  // namespace support
