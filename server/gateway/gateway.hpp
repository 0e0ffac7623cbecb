// What all connections of the process share: immutable settings, the snapshot of schemes, the pool,
// counters. Only what is said to here changes after the start.
#pragma once

#include <openssl/types.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <ctime>
#include <memory>
#include <string_view>
#include <vector>

#include "server/access/connection_limiter.hpp"
#include "server/access/origin_policy.hpp"
#include "server/access/refusal_log.hpp"
#include "server/access/token_file.hpp"
#include "server/access/token_guard.hpp"
#include "server/access/trusted_proxies.hpp"
#include "server/account/account_services.hpp"
#include "server/account/live_accounts.hpp"
#include "server/cluster/node_leases.hpp"
#include "server/config/options.hpp"
#include "server/config/schemes.hpp"
#include "server/connection/server_attribute.hpp"
#include "server/gateway/node_identity.hpp"
#include "server/gateway/thread_state.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/metering/metrics.hpp"
#include "server/named/named_services.hpp"
#include "server/site/site.hpp"
#include "server/store/store_thread.hpp"
#include "server/upstream/telegram.hpp"
#include "server/upstream/work_pool.hpp"
#include "server/upstream/work_runner.hpp"

namespace server {

class Gateway {
 public:
  Gateway(Options options_in, std::shared_ptr<const Schemes> schemes_in,
          std::shared_ptr<const upstream::Telegram> telegram_in, AllowedServers allowed_in,
          unsigned pool_threads)
      : options(std::move(options_in)),
        app(std::make_shared<const AppIdentity>(options.app)),
        telegram(std::move(telegram_in)),
        allowed(std::move(allowed_in)),
        proxy(proxy_of(options)),
        memory(options.max_memory, options.threads + pool_threads),
        pool(pool_threads),
        origin_policy({options.allow_host, options.allow_origin, options.host}),
        proxies(options.trust_proxy),
        connection_limiter(options.max_connections_per_address),
        site(options, schemes_in, memory),
        webhook_poster(webhooks::AllowedWebhooks(options.allow_webhook)),
        schemes_(std::move(schemes_in)) {}

  const Options options;
  const std::shared_ptr<const AppIdentity> app;  // what connections begin with
  const std::shared_ptr<const upstream::Telegram> telegram;
  const AllowedServers allowed;
  const ProxyPointer proxy;  // what connections begin with
  MemoryMeter memory;        // outlives the work on the pool, which holds parts of it
  upstream::WorkPool pool;
  account::LiveAccounts live;
  const access::OriginPolicy origin_policy;
  const access::TrustedProxies proxies;
  access::ConnectionLimiter connection_limiter;
  access::RefusalLog refusals;
  access::TokenGuard guard;
  Metrics metrics;
  site::Site site;
  // All set before the first client. None: the store is this process's alone. Outlives the store,
  // whose last writes name them.
  std::unique_ptr<cluster::NodeLeases> leases;
  // As other nodes know this one; there where leases are.
  std::shared_ptr<const NodeIdentity> node;
  // None: no accounts are kept.
  std::unique_ptr<store::StoreThread> store;
  webhooks::WebhookPoster webhook_poster;
  std::vector<ThreadState*> threads;
  std::atomic<std::uint64_t> last_connection = 0;
  std::atomic<bool> stopping = false;
  const double started = static_cast<double>(std::time(nullptr));  // seconds since 1970

  // A connection keeps the snapshot that it began with.
  std::shared_ptr<const Schemes> schemes() const { return schemes_.load(); }
  void set_schemes(std::shared_ptr<const Schemes> schemes) {
    site.set_schemes(schemes);
    schemes_.store(std::move(schemes));
  }

  // None: no token is wanted.
  std::shared_ptr<const access::Tokens> tokens() const { return tokens_.load(); }
  void set_tokens(std::shared_ptr<const access::Tokens> tokens) { tokens_ = std::move(tokens); }
  // None: there is no certificate.
  std::shared_ptr<SSL_CTX> tls() const { return tls_.load(); }
  void set_tls(std::shared_ptr<SSL_CTX> context) { tls_ = std::move(context); }

 private:
  std::atomic<std::shared_ptr<const Schemes>> schemes_;
  std::atomic<std::shared_ptr<const access::Tokens>> tokens_;
  std::atomic<std::shared_ptr<SSL_CTX>> tls_;
};

// What a thread's accounts need of it all.
inline account::AccountServices account_services(Gateway& gateway, tl::Random& random,
                                                 boost::asio::any_io_executor executor,
                                                 Counters& counters,
                                                 upstream::NetworkWatch* network,
                                                 std::size_t thread = 0) {
  return {std::move(executor),
          random,
          gateway.pool,
          gateway.live,
          gateway.memory,
          &counters,
          network,
          gateway.options.connect_timeout,
          {},
          thread};
}

// Where connections begin.
ServerChoice usual_server(const Gateway&);
// What a thread's named accounts need. Only where there is a store.
named::NamedServices named_services(Gateway&, account::Accounts&);

// Where that named account lives; none: there are no threads yet.
ThreadState* thread_of_account(const Gateway&, std::string_view account);
// Where the other node is reached that has it, https://HOST:PORT; empty: none has, or it can't be.
std::string other_node_with(const Gateway&, const named::NamedAccount&);
// Calls it in the thread of that named account: void(NamedAccounts&, const std::string& account).
template <class Tell>
void in_thread_of(const Gateway& gateway, std::string account, Tell tell) {
  auto& home = *thread_of_account(gateway, account);
  boost::asio::post(home.executor, [&home, account = std::move(account), tell = std::move(tell)] {
    tell(home.named->accounts, account);
  });
}

inline const upstream::WorkRunner& work_of(const ThreadState& thread) {
  return thread.services.runner;
}

}  // namespace server
