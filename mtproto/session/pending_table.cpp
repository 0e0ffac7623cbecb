#include "mtproto/session/pending_table.hpp"

namespace mtproto {

Pending& PendingTable::add(RequestId request, Bytes body, SendOptions options) {
  auto& pending = requests_[request];
  pending.request = request;
  pending.body = std::move(body);
  pending.options = std::move(options);
  queue_.insert(request);
  return pending;
}

Pending* PendingTable::find(RequestId request) {
  const auto at = requests_.find(request);
  return at == requests_.end() ? nullptr : &at->second;
}

Pending* PendingTable::find(MessageId message) {
  const auto at = by_message_.find(message);
  return at == by_message_.end() ? nullptr : find(at->second);
}

std::vector<RequestId> PendingTable::named(MessageId message) const {
  std::vector<RequestId> out;
  for (const auto& [request, pending] : requests_) {
    if (!pending.written()) continue;
    if (pending.message == message || pending.container == message) out.push_back(request);
  }
  return out;
}

void PendingTable::written(Pending& pending, MessageId message) {
  pending.stage = Pending::Stage::sent;
  pending.message = message;
  pending.container = {};
  pending.without_answer = 0;
  pending.messages.push_back(message);
  queue_.erase(pending.request);
  by_message_[message] = pending.request;
}

void PendingTable::requeue(Pending& pending) {
  pending.stage = Pending::Stage::queued;
  queue_.insert(pending.request);
}

void PendingTable::erase(RequestId request) {
  const auto at = requests_.find(request);
  if (at == requests_.end()) return;
  for (const auto message : at->second.messages) by_message_.erase(message);
  queue_.erase(request);
  requests_.erase(at);
}

std::vector<RequestId> PendingTable::all() const {
  std::vector<RequestId> out;
  out.reserve(requests_.size());
  for (const auto& entry : requests_) out.push_back(entry.first);
  return out;
}

}  // namespace mtproto
