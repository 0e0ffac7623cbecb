// Whether every event loop still turns: each is asked in rounds, and a round is complete when the
// last of them has answered. No loop is asked again before. Without input and output: the time
// comes in.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mtproto/time.hpp"

namespace server {

class Heartbeat {
 public:
  explicit Heartbeat(std::size_t loops) : answered_(loops, true) {}

  // True: a round begins, and every loop is to be asked. False: one is still waited for.
  bool begin(mtproto::Time now);
  // That loop has turned. True: it was the last, and the round is complete.
  bool answered(std::size_t loop);

  // The first loop that has not turned since the round began; none: all have.
  std::optional<std::size_t> missing() const;
  // How long that round has been waited for; nothing where it is complete.
  mtproto::Duration waited(mtproto::Time now) const;

 private:
  std::vector<bool> answered_;
  mtproto::Time begun_{};
};

}  // namespace server
