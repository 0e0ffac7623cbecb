#include "server/connection/after_order.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace server {

using State = ClientRequest::State;

// All requests by their client's id, for as long as none is added or taken away: many may name many
// others, and looking each of them up among all would take minutes.
class AfterOrder::ById {
 public:
  explicit ById(const RequestQueue& queue) {
    requests_.reserve(queue.size());
    for (const auto& one : queue.all()) requests_.push_back(&one);
    std::ranges::stable_sort(requests_, {}, [](const ClientRequest* one) -> const std::string& {
      return one->request.id;
    });
    ids_.reserve(requests_.size());
    for (const auto* one : requests_) ids_.push_back(one->request.id);
  }

  // In the order of their arrival.
  std::span<const ClientRequest* const> named(std::string_view id) const {
    const auto found = std::ranges::equal_range(ids_, id);
    const auto first = static_cast<std::size_t>(found.begin() - ids_.begin());
    return std::span(requests_).subspan(first, found.size());
  }

 private:
  // Side by side, in one order.
  std::vector<std::string_view> ids_;
  std::vector<const ClientRequest*> requests_;
};

bool AfterOrder::holds_back(ClientRequest& request) {
  if (request.request.after.empty() || !awaits_elsewhere(request, ById(queue_))) return false;
  request.state = State::waiting;
  some_wait_ = true;
  return true;
}

bool AfterOrder::awaits_elsewhere(ClientRequest& request, const ById& ids) {
  const auto holds_back = [&](const ClientRequest* other) {
    if (other->number >= request.number || other->state == State::finished ||
        other->state == State::queued) {
      return false;
    }
    return other->dc != request.dc || other->state == State::waiting;
  };
  // Those before were through when they were looked at last.
  const auto& after = request.request.after;
  for (auto& at = request.after_through; at < after.size(); ++at) {
    if (std::ranges::any_of(ids.named(after[at]), holds_back)) return true;
  }
  return false;
}

std::vector<RequestQueue::Number> AfterOrder::released() {
  std::vector<RequestQueue::Number> out;
  if (!std::exchange(some_wait_, false)) return out;
  const ById ids(queue_);
  for (auto& one : queue_.all()) {
    if (one.state != State::waiting) continue;
    if (awaits_elsewhere(one, ids)) {
      some_wait_ = true;
    } else {
      one.after_through = 0;  // some of them may be sent elsewhere before it is
      out.push_back(one.number);
    }
  }
  return out;
}

std::vector<mtproto::RequestId> AfterOrder::sent_before(const ClientRequest& request) const {
  std::vector<mtproto::RequestId> out;
  const auto& after = request.request.after;
  if (after.empty()) return out;
  const ById ids(queue_);
  for (const auto& id : after) {
    for (const auto* other : ids.named(id)) {
      if (other != &request && other->call && other->call->dc == request.dc && other->send.api) {
        out.push_back(other->call->request);
      }
    }
  }
  for (const auto& [id, call] : late_) {
    const bool named = std::ranges::binary_search(after, id);
    if (named && call.dc == request.dc) out.push_back(call.request);
  }
  return out;
}

void AfterOrder::add_late(const ClientRequest& request) {
  if (late_.size() == most_late) late_.erase(late_.begin());
  late_.emplace_back(request.request.id, *request.call);
}

void AfterOrder::forget_late(mtproto::DcId dc) {
  std::erase_if(late_, [&](const auto& one) { return one.second.dc == dc; });
}

void AfterOrder::forget_late_elsewhere() {
  std::erase_if(late_, [](const auto& one) { return one.second.dc != account::home_dc; });
}

}  // namespace server
