#include "mtproto/message/received_ids.hpp"

#include <algorithm>

#include "mtproto/message/service_ack.hpp"

namespace mtproto {

ReceivedIds::Seen ReceivedIds::look(MessageId id) const {
  if (std::binary_search(ids_.begin(), ids_.end(), id)) return Seen::duplicate;
  return id <= floor_ ? Seen::too_old : Seen::fresh;
}

ReceivedIds::Seen ReceivedIds::add(MessageId id) {
  const auto seen = look(id);
  if (seen != Seen::fresh) return seen;
  if (ids_.size() >= capacity_) {
    // A quarter at once, so that this costs nothing per message; and before there is one more, so
    // that the vector does not double for it.
    const auto forgotten = ids_.begin() + static_cast<std::ptrdiff_t>(capacity_ / 4);
    floor_ = std::max(floor_, *forgotten);
    ids_.erase(ids_.begin(), forgotten + 1);
  }
  ids_.insert(std::upper_bound(ids_.begin(), ids_.end(), id), id);
  return seen;
}

std::uint8_t ReceivedIds::state(MessageId id) const {
  if (look(id) == Seen::duplicate) return message_state::received;
  if (id <= floor_) return message_state::unknown;
  if (ids_.empty() || id > ids_.back()) return message_state::not_received_yet;
  return message_state::not_received;
}

}  // namespace mtproto
