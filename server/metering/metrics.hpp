// What the process counts for its operator, shown at /metrics. Each thread writes counters of its
// own; a reader adds them up. No label grows with users.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "server/metering/traffic.hpp"

namespace server {

enum class ClientKind : std::uint8_t { json_lines, http, websocket };
inline constexpr std::array<std::string_view, 3> client_kinds{"json_lines", "http", "websocket"};

// How a request ended: Telegram's answer, what stands in its place, or the name of an error.
inline constexpr std::array<std::string_view, 14> request_outcomes{
    "answered",       "rpc_error",    "rpc_timeout", "JSONDecodeError", "TypeError", "SchemeError",
    "LineTooLong",    "SessionError", "SigninError", "ConnectionError", "Busy",      "Unauthorized",
    "OutcomeUnknown", "other"};

using upstream::Count;

struct alignas(64) Counters {
  // Upper bounds of the histogram's buckets, in seconds; one more bucket is above them all.
  static constexpr std::array<double, 10> bounds{0.005, 0.01, 0.025, 0.05, 0.1,
                                                 0.25,  0.5,  1,     2.5,  10};

  std::array<Count, client_kinds.size()> clients_opened, clients_open;
  Count clients_silent;  // of this machine, and have not said a byte
  std::array<Count, request_outcomes.size()> requests;
  Count requests_in_flight;
  std::array<Count, bounds.size() + 1> telegram_seconds;
  Count telegram_microseconds;  // the histogram's sum
  Count client_bytes_in, client_bytes_out;
  upstream::Traffic telegram;
  Count flood_waits;       // that Telegram asked for
  Count forwards;          // clients and readers of logs that were led to other nodes
  Count flood_waits_kept;  // and that the gateway kept itself, because the client said so
  Count refused;           // by the rules of who may come in

  void outcome(std::string_view name);
  void took(std::chrono::microseconds time);
};

// Somebody counted among the clients of a kind, as long as this lives.
class ScopedGauge {
 public:
  ScopedGauge(Counters& counters, ClientKind kind)
      : open_(counters.clients_open[static_cast<std::size_t>(kind)]) {
    counters.clients_opened[static_cast<std::size_t>(kind)].add();
    open_.add();
  }
  ~ScopedGauge() { open_.subtract(); }
  ScopedGauge(const ScopedGauge&) = delete;
  ScopedGauge& operator=(const ScopedGauge&) = delete;

 private:
  Count& open_;
};

class Metrics {
 public:
  // For one more thread; lives as long as this.
  Counters& add_thread();
  // Sums over all threads.
  template <class Get>
  std::uint64_t sum(Get get) const {
    std::lock_guard lock(mutex_);
    std::uint64_t out = 0;
    for (const auto& counters : threads_) out += get(*counters).value();
    return out;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Counters>> threads_;
};

}  // namespace server
