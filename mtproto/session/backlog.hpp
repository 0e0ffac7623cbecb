// What the server said while nothing was read: it is old by the time it is read, and not stale.
// Owns the stretch of the server's time in which nothing was read. Called by Session::State, which
// knows when reading stops; calls nobody.
// core.telegram.org/mtproto/security_guidelines#checking-msg-id
#pragma once

#include <optional>

#include "mtproto/message/message_ids.hpp"
#include "mtproto/time.hpp"

namespace mtproto {

class Backlog {
 public:
  // Nothing said after this was read.
  void begin(UnixTime since) {
    if (!from_) from_ = since;
  }
  // Reading goes on.
  void end(UnixTime server_time) { until_ = server_time; }
  bool empty() const { return !from_; }

  // Whether a message of that time is too old to be believed. `reading`: not paused right now.
  bool stale(UnixTime said, UnixTime server_time, bool reading) {
    if (from_ && reading && said >= until_) from_.reset();  // all of it is read
    return said < from_.value_or(server_time) - oldest_message;
  }

 private:
  std::optional<UnixTime> from_;
  UnixTime until_{};
};

}  // namespace mtproto
