#include "mtproto/message/received_ids.hpp"

#include <algorithm>

#include "mtproto/message/service_ack.hpp"

namespace mtproto {
namespace {

constexpr std::uint64_t a_minute = std::uint64_t{60} << 32;

}  // namespace

ReceivedIds::Seen ReceivedIds::look(MessageId id) const {
  if (std::binary_search(ids_.begin(), ids_.end(), id)) return Seen::duplicate;
  return id <= floor_ ? Seen::too_old : Seen::fresh;
}

ReceivedIds::Seen ReceivedIds::add(MessageId id) {
  const auto seen = look(id);
  if (seen != Seen::fresh) return seen;
  if (may_forget(id)) {
    // A quarter at once, so that this costs nothing per message.
    const auto forgotten = ids_.begin() + static_cast<std::ptrdiff_t>(ids_.size() / 4);
    floor_ = std::max(floor_, *forgotten);
    ids_.erase(ids_.begin(), forgotten + 1);
  }
  ids_.insert(std::upper_bound(ids_.begin(), ids_.end(), id), id);
  return seen;
}

bool ReceivedIds::may_forget(MessageId newest) const {
  if (ids_.size() >= capacity_) return true;
  // Before there is one more, so that the vector does not double for it.
  if (ids_.size() < kept_ || ids_.size() < ids_.capacity()) return false;
  const auto last = ids_[ids_.size() / 4];
  return last < newest && newest.value() - last.value() > a_minute;
}

std::uint8_t ReceivedIds::state(MessageId id) const {
  if (look(id) == Seen::duplicate) return message_state::received;
  if (id <= floor_) return message_state::unknown;
  if (ids_.empty() || id > ids_.back()) return message_state::not_received_yet;
  return message_state::not_received;
}

}  // namespace mtproto
