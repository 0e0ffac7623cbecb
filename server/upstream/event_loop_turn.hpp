// One handler's turn of the event loop. What it does to several pumps is written at its end, once
// for each: many replies in one write, many requests in one packet.
#pragma once

#include <functional>
#include <memory>

namespace server::upstream {

class Pump;

class EventLoopTurn {
 public:
  EventLoopTurn();
  // The outermost of a thread has every pump that was woken meanwhile write.
  ~EventLoopTurn();
  EventLoopTurn(const EventLoopTurn&) = delete;
  EventLoopTurn& operator=(const EventLoopTurn&) = delete;

  // What this thread does first in each of them; none: nothing.
  static void at_begin(std::function<void()>);
  // Whether there is one on this thread.
  static bool within();
  // Within one: at its end.
  static void at_end(std::shared_ptr<Pump> woken);
};

}  // namespace server::upstream
