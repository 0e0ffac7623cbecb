#include "server/gateway/asked_elsewhere.hpp"

#include <algorithm>
#include <utility>

#include "server/protocol/leading_id.hpp"
#include "server/protocol/message_text.hpp"
#include "server/protocol/only_reads.hpp"

namespace server {

void AskedElsewhere::add(const Request& request, std::string text) {
  AskedRequest asked{++last_, request.id, request.extra, false, request.account.has_value(), {}};
  asked.reads = !request.signin && (!request.message || only_reads(message_name(*request.message)));
  if (text.size() <= longest_kept && !meter_.full()) asked.text = std::move(text);
  share_.resize(share_.size() + asked.size());
  all_.push_back(std::move(asked));
}

// In the shape of the HTTP API there are no ids, and one is asked at a time.
std::optional<AskedRequest> AskedElsewhere::answered(std::string_view start,
                                                     const ObjectNote& note) {
  auto found = all_.end();
  if (shape_ == ReplyShape::api) {
    if (note.status.code != 0) found = all_.begin();
  } else if (const auto id = leading_id(start)) {
    found = std::ranges::find(all_, *id, &AskedRequest::id);
  }
  return take(found);
}

std::optional<AskedRequest> AskedElsewhere::refused(std::uint64_t number) {
  return take(std::ranges::find(all_, number, &AskedRequest::number));
}

std::optional<AskedRequest> AskedElsewhere::take(std::deque<AskedRequest>::iterator found) {
  if (found == all_.end()) return {};
  share_.resize(share_.size() - found->size());
  auto out = std::move(*found);
  all_.erase(found);
  return out;
}

std::deque<AskedRequest> AskedElsewhere::take() {
  share_.resize(0);
  return std::exchange(all_, {});
}

}  // namespace server
