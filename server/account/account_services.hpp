// What accounts need of the thread and of the process that they live in. All of it outlives them.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "server/account/live_accounts.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/metering/metrics.hpp"
#include "server/upstream/upstream_connection.hpp"
#include "server/upstream/work_runner.hpp"
#include "tl/random.hpp"

namespace server::account {

struct AccountServices {
  using MakeUpstream = std::function<std::shared_ptr<upstream::UpstreamHandle>(
      std::shared_ptr<const upstream::UpstreamSettings>, mtproto::SessionState,
      upstream::UpstreamCallbacks&)>;

  boost::asio::any_io_executor executor;
  tl::Random& random;
  upstream::WorkPool& pool;
  LiveAccounts& live;
  MemoryMeter& memory;
  Counters* counters = nullptr;               // none: nobody counts
  upstream::NetworkWatch* network = nullptr;  // none: nobody says when it is back
  std::chrono::milliseconds connect_timeout{10'000};
  MakeUpstream make_upstream{};  // none: real ones
  std::size_t thread = 0;        // its number in the process

  upstream::WorkRunner runner() const { return {pool, executor}; }
  std::shared_ptr<upstream::UpstreamHandle> connect(
      std::shared_ptr<const upstream::UpstreamSettings>, mtproto::SessionState,
      upstream::UpstreamCallbacks&) const;
};

}  // namespace server::account
