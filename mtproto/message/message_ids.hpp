// Draws message ids: about unix time · 2^32, strictly increasing, the lowest two bits by kind.
// core.telegram.org/mtproto/description#message-identifier-msg-id
#pragma once

#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "tl/random.hpp"

namespace mtproto {

enum class MessageKind : std::uint8_t { from_client = 0, answer = 1, from_server = 3 };

class MessageIdSource {
 public:
  MessageId next(UnixTime server_time, MessageKind kind, tl::Random& random);
  // The next one may be lower than the last: only together with a new session.
  void reset() { last_ = 0; }

 private:
  std::uint64_t last_ = 0;
};

// When a message with this id was made, as its sender's clock showed it.
UnixTime time_of(MessageId id);
MessageId message_id_at(UnixTime time);

// Messages from the other side may be so old, or so new.
inline constexpr Duration oldest_message = std::chrono::seconds{300};
inline constexpr Duration newest_message = std::chrono::seconds{30};

}  // namespace mtproto
