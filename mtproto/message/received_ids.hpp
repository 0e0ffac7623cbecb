// Ids of messages received in a session, so that none is taken twice. A bounded window: what is
// below all it remembers counts as too old to tell.
// core.telegram.org/mtproto/security_guidelines#checking-msg-id
#pragma once

#include <cstddef>
#include <vector>

#include "mtproto/ids.hpp"

namespace mtproto {

class ReceivedIds {
 public:
  enum class Seen { fresh, duplicate, too_old };

  // At least as many as can be in flight.
  explicit ReceivedIds(std::size_t capacity = 1024) : capacity_(capacity) {}

  Seen look(MessageId id) const;
  // Looks, and remembers a fresh one.
  Seen add(MessageId id);
  // One byte of msgs_state_info.
  std::uint8_t state(MessageId id) const;
  bool empty() const { return ids_.empty(); }

 private:
  std::size_t capacity_;
  std::vector<MessageId> ids_;  // ascending
  MessageId floor_;             // what was forgotten ends here
};

}  // namespace mtproto
