// Ids of messages received in a session, so that none is taken twice. A bounded window: what is
// below all it remembers counts as too old to tell. It grows only as far as a minute of the session
// needs, so that most sessions keep 2 KiB.
// core.telegram.org/mtproto/security_guidelines#checking-msg-id
#pragma once

#include <cstddef>
#include <vector>

#include "mtproto/ids.hpp"

namespace mtproto {

class ReceivedIds {
 public:
  enum class Seen { fresh, duplicate, too_old };

  // The most, and how many are kept however old they are.
  explicit ReceivedIds(std::size_t capacity = 1024, std::size_t kept = 256)
      : capacity_(capacity), kept_(kept < capacity ? kept : capacity) {}

  Seen look(MessageId id) const;
  // Looks, and remembers a fresh one.
  Seen add(MessageId id);
  // One byte of msgs_state_info.
  std::uint8_t state(MessageId id) const;
  bool empty() const { return ids_.empty(); }

 private:
  bool may_forget(MessageId newest) const;

  std::size_t capacity_;
  std::size_t kept_;
  std::vector<MessageId> ids_;  // ascending
  MessageId floor_;             // what was forgotten ends here
};

}  // namespace mtproto
