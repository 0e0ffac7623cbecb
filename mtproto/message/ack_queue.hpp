// Received messages that the other side waits to hear of. They go along with whatever is written
// next, or by themselves when there are many or the oldest has waited long.
// core.telegram.org/mtproto/service_messages_about_messages#acknowledgment-of-receipt
#pragma once

#include <optional>
#include <vector>

#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"

namespace mtproto {

class AckQueue {
 public:
  AckQueue(std::size_t many, Duration patience) : many_(many), patience_(patience) {}

  void add(MessageId id, Time now);
  // It was acknowledged by other means (an answer).
  void remove(MessageId id);
  bool empty() const { return ids_.empty(); }
  bool due(Time now) const;
  std::optional<Time> deadline() const;
  // At most as many as one msgs_ack may name.
  std::vector<MessageId> take();

 private:
  std::size_t many_;
  Duration patience_;
  std::vector<MessageId> ids_;
  Time oldest_{};
};

}  // namespace mtproto
