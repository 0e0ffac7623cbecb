#include "server/upstream/running_pumps.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "server/upstream/pump.hpp"
#include "server/upstream/socket_poller.hpp"

namespace server::upstream {

namespace asio = boost::asio;

asio::execution_context::id RunningPumps::id;

RunningPumps& RunningPumps::of(const asio::any_io_executor& executor) {
  auto& pumps = asio::use_service<RunningPumps>(asio::query(executor, asio::execution::context));
  if (!pumps.timer_) {
    pumps.poller_ = std::make_unique<SocketPoller>(executor);
    pumps.timer_ = std::make_unique<asio::steady_timer>(executor);
  }
  return pumps;
}

RunningPumps::RunningPumps(asio::execution_context& context) : service(context) {}

// The context goes with what was under way in it.
void RunningPumps::shutdown() {
  timer_.reset();
  poller_.reset();
  const auto gone = std::exchange(heap_, {});
}

void RunningPumps::add(std::shared_ptr<Pump> pump, std::shared_ptr<void> owner) {
  const auto place = heap_.size();
  heap_.emplace_back();
  put(place, {Clock::time_point::max(), std::move(pump), std::move(owner)});
}

void RunningPumps::wake_in(Pump& pump, mtproto::Duration in) {
  move(pump.place_, Clock::now() + in);
  wait();
}

std::shared_ptr<void> RunningPumps::remove(Pump& pump) {
  const auto place = pump.place_;
  const auto gone = std::exchange(heap_[place], {});
  auto last = std::move(heap_.back());
  heap_.pop_back();
  if (heap_.empty()) {  // who runs the loop until there is nothing to do shall not wait for that
    timer_->cancel();
    waited_for_ = Clock::time_point::max();
  }
  if (place == heap_.size()) return gone.owner;
  const auto at = last.at;
  put(place, std::move(last));
  move(place, at);
  return gone.owner;
}

void RunningPumps::put(std::size_t place, Entry entry) {
  entry.pump->place_ = place;
  heap_[place] = std::move(entry);
}

// A binary heap: none is due before the one above it, which is at (place - 1) / 2.
void RunningPumps::move(std::size_t place, Clock::time_point at) {
  auto entry = std::move(heap_[place]);
  entry.at = at;
  while (place > 0 && at < heap_[(place - 1) / 2].at) {
    const auto above = (place - 1) / 2;
    put(place, std::move(heap_[above]));
    place = above;
  }
  for (auto below = 2 * place + 1; below < heap_.size(); below = 2 * place + 1) {
    if (below + 1 < heap_.size() && heap_[below + 1].at < heap_[below].at) ++below;
    if (at <= heap_[below].at) break;
    put(place, std::move(heap_[below]));
    place = below;
  }
  put(place, std::move(entry));
}

// A timer that comes too early costs a look; one for each deadline that moves would cost more.
void RunningPumps::wait() {
  if (heap_.empty() || heap_.front().at >= waited_for_) return;
  waited_for_ = heap_.front().at;
  timer_->expires_at(waited_for_);
  timer_->async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) time_came();
  });
}

void RunningPumps::time_came() {
  waited_for_ = Clock::time_point::max();
  const auto now = Clock::now();
  while (!heap_.empty() && heap_.front().at <= now) {
    const auto pump = heap_.front().pump;
    move(0, Clock::time_point::max());
    pump->time_came();
  }
  wait();
}

}  // namespace server::upstream
