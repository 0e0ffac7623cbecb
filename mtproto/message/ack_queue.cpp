#include "mtproto/message/ack_queue.hpp"

#include <algorithm>
#include <utility>

#include "mtproto/message/service_ack.hpp"

namespace mtproto {

void AckQueue::add(MessageId id, Time now) {
  if (!ids_.empty() && ids_.back() == id) return;
  if (ids_.empty()) oldest_ = now;
  ids_.push_back(id);
}

void AckQueue::remove(MessageId id) { std::erase(ids_, id); }

bool AckQueue::due(Time now) const {
  return !ids_.empty() && (ids_.size() > many_ || now >= oldest_ + patience_);
}

std::optional<Time> AckQueue::deadline() const {
  if (ids_.empty()) return {};
  return ids_.size() > many_ ? oldest_ : oldest_ + patience_;
}

std::vector<MessageId> AckQueue::take() {
  // What came twice needs to be named once.
  std::sort(ids_.begin(), ids_.end());
  ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
  if (ids_.size() <= max_ids) return std::exchange(ids_, {});
  const auto rest = ids_.begin() + static_cast<std::ptrdiff_t>(max_ids);
  std::vector<MessageId> out(ids_.begin(), rest);
  ids_.erase(ids_.begin(), rest);
  return out;
}

}  // namespace mtproto
