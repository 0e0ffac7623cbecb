#include "mtproto/session/pending_table.hpp"

namespace mtproto {

Pending& PendingTable::add(RequestId request, tl::SharedBytes body, SendOptions options) {
  auto& pending = *requests_.put(request, std::make_unique<Pending>());
  pending.request = request;
  pending.body = std::move(body);
  pending.options = std::move(options);
  queue_.put(request, {});
  return pending;
}

Pending* PendingTable::find(RequestId request) {
  const auto* at = requests_.find(request);
  return at == nullptr ? nullptr : at->get();
}

Pending* PendingTable::find(MessageId message) {
  const auto* at = by_message_.find(message);
  return at == nullptr ? nullptr : find(*at);
}

std::vector<RequestId> PendingTable::named(MessageId message) const {
  std::vector<RequestId> out;
  for (const auto& [request, pending] : requests_.entries()) {
    if (!pending->written()) continue;
    if (pending->message == message || pending->container == message) out.push_back(request);
  }
  return out;
}

void PendingTable::written(Pending& pending, MessageId message) {
  if (pending.message.value() != 0) pending.earlier.push_back(pending.message);
  pending.stage = Pending::Stage::sent;
  pending.message = message;
  pending.container = {};
  pending.without_answer = 0;
  queue_.erase(pending.request);
  by_message_.put(message, pending.request);
}

void PendingTable::requeue(Pending& pending) {
  pending.stage = Pending::Stage::queued;
  queue_.put(pending.request, {});
}

void PendingTable::erase(RequestId request) {
  const auto* pending = find(request);
  if (pending == nullptr) return;
  for (const auto message : pending->earlier) by_message_.erase(message);
  if (pending->message.value() != 0) by_message_.erase(pending->message);
  queue_.erase(request);
  requests_.erase(request);
}

std::optional<RequestId> PendingTable::queued_after(RequestId request) const {
  const auto* next = queue_.after(request);
  return next == nullptr ? std::nullopt : std::optional(next->key);
}

std::vector<RequestId> PendingTable::all() const {
  std::vector<RequestId> out;
  out.reserve(requests_.size());
  for (const auto& entry : requests_.entries()) out.push_back(entry.key);
  return out;
}

}  // namespace mtproto
