// What all connections of the process share: immutable settings, the snapshot of schemes, the pool,
// counters. Only what is named atomic here changes after the start.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>

#include "server/live_sessions.hpp"
#include "server/memory_meter.hpp"
#include "server/options.hpp"
#include "server/schemes.hpp"
#include "server/server_attribute.hpp"
#include "server/upstream/telegram.hpp"
#include "server/upstream/work_pool.hpp"

namespace server {

class Gateway {
 public:
  Gateway(Options options_in, std::shared_ptr<const Schemes> schemes_in,
          std::shared_ptr<const upstream::Telegram> telegram_in, AllowedServers allowed_in,
          unsigned pool_threads)
      : options(std::move(options_in)),
        telegram(std::move(telegram_in)),
        allowed(std::move(allowed_in)),
        pool(pool_threads),
        memory(options.max_memory),
        schemes_(std::move(schemes_in)) {}

  const Options options;
  const std::shared_ptr<const upstream::Telegram> telegram;
  const AllowedServers allowed;
  upstream::WorkPool pool;
  MemoryMeter memory;
  LiveSessions live;
  std::atomic<std::uint64_t> last_connection = 0;

  // A connection keeps the snapshot that it began with.
  std::shared_ptr<const Schemes> schemes() const { return schemes_.load(); }
  void set_schemes(std::shared_ptr<const Schemes> schemes) { schemes_.store(std::move(schemes)); }

 private:
  std::atomic<std::shared_ptr<const Schemes>> schemes_;
};

}  // namespace server
