// One handler's turn of the event loop. What it does to several pumps is written at its end, once
// for each: many replies in one write, many requests in one packet.
#pragma once

#include <memory>

namespace server::upstream {

class Pump;

class Turn {
 public:
  Turn();
  // The outermost of a thread has every pump that was rung meanwhile write.
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Whether there is one on this thread.
  static bool within();
  // Within one: at its end.
  static void at_end(std::shared_ptr<Pump> rung);
};

}  // namespace server::upstream
