// The pumps that run in one event loop: holds what each of them drives until it is over, and has one
// timer for the deadlines of all and one set of their sockets, so that an idle connection takes an
// entry of each and nothing of Asio's.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "mtproto/time.hpp"

namespace server::upstream {

class Pump;
class SocketPoller;

class RunningPumps final : public boost::asio::execution_context::service {
 public:
  static boost::asio::execution_context::id id;

  // Those of a loop; made when they are asked for first. Throws std::system_error where there is no
  // descriptor for their set of sockets: whoever makes a loop asks before there is any.
  static RunningPumps& of(const boost::asio::any_io_executor&);
  explicit RunningPumps(boost::asio::execution_context& context);

  boost::asio::any_io_executor executor() { return timer_->get_executor(); }
  SocketPoller& poller() { return *poller_; }

  void add(std::shared_ptr<Pump> pump, std::shared_ptr<void> owner);
  // One that was added: time_came(), after so long, in place of what was said before.
  void wake_in(Pump& pump, mtproto::Duration in);
  // It is over. The owner that it was added with.
  std::shared_ptr<void> remove(Pump& pump);

 private:
  using Clock = std::chrono::steady_clock;

  struct Entry {
    Clock::time_point at = Clock::time_point::max();
    std::shared_ptr<Pump> pump;
    std::shared_ptr<void> owner;
  };

  void shutdown() override;
  void put(std::size_t place, Entry entry);
  void move(std::size_t place, Clock::time_point at);
  void wait();
  void time_came();

  std::vector<Entry> heap_;  // by time; a pump knows its place
  std::unique_ptr<boost::asio::steady_timer> timer_;
  std::unique_ptr<SocketPoller> poller_;
  Clock::time_point waited_for_ = Clock::time_point::max();
};

}  // namespace server::upstream
