#include "server/metering/metrics.hpp"

#include <algorithm>

namespace server {

void Counters::outcome(std::string_view name) {
  const auto found = std::ranges::find(request_outcomes, name);
  const auto index = std::min<std::size_t>(
      static_cast<std::size_t>(found - request_outcomes.begin()), request_outcomes.size() - 1);
  requests[index].add();
}

void Counters::took(std::chrono::microseconds time) {
  const auto seconds = static_cast<double>(time.count()) / 1e6;
  const auto bucket = std::ranges::lower_bound(bounds, seconds) - bounds.begin();
  telegram_seconds[static_cast<std::size_t>(bucket)].add();
  telegram_microseconds.add(static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0)));
}

Counters& Metrics::add_thread() {
  std::lock_guard lock(mutex_);
  threads_.push_back(std::make_unique<Counters>());
  return *threads_.back();
}

}  // namespace server
