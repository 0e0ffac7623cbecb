#include "mtproto/host/host_session.hpp"

#include <algorithm>

#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"

namespace mtproto {
namespace {

constexpr std::size_t most_kept = 1024;
constexpr std::size_t most_kept_bytes = std::size_t{8} << 20;
constexpr std::size_t most_requests = 1024;
// An answer acknowledges its request; what has none for so long is acknowledged by itself.
constexpr std::size_t many_acks = 16;
constexpr Duration ack_patience = std::chrono::seconds{2};

bool is_update(const HostMessage& message) {
  const auto id = tl::Reader(*message.body).peek();
  return id != RpcResult::id && id != NewSessionCreated::id;
}

}  // namespace

HostSession::HostSession() : acks(many_acks, ack_patience) {}

void HostSession::keep(const HostMessage& message) {
  kept_.push_back(message);
  kept_.back().again = true;
  kept_bytes_ += message.body->size();
  while (kept_.size() > most_kept || (kept_bytes_ > most_kept_bytes && kept_.size() > 1)) {
    // What was missed of updates can be asked for; an answer is the only one of its kind.
    const auto update = std::find_if(kept_.begin(), kept_.end(), is_update);
    acknowledged((update == kept_.end() ? kept_.front() : *update).id);
  }
}

void HostSession::acknowledged(MessageId id) {
  const auto at =
      std::find_if(kept_.begin(), kept_.end(), [&](const auto& it) { return it.id == id; });
  if (at == kept_.end()) return;
  kept_bytes_ -= at->body->size();
  kept_.erase(at);
}

const HostMessage* HostSession::kept(MessageId id) const {
  const auto at =
      std::find_if(kept_.begin(), kept_.end(), [&](const auto& it) { return it.id == id; });
  return at == kept_.end() ? nullptr : &*at;
}

void HostSession::started(MessageId request) {
  requests_[request] = {};
  if (requests_.size() > most_requests) requests_.erase(requests_.begin());
}

void HostSession::answered(MessageId request, MessageId answer) {
  requests_[request] = {Stage::answered, answer};
  acks.remove(request);
}

void HostSession::dropped(MessageId request) { requests_[request] = {Stage::dropped, {}}; }

HostSession::Stage HostSession::stage(MessageId request) const {
  const auto at = requests_.find(request);
  return at == requests_.end() ? Stage::unknown : at->second.stage;
}

MessageId HostSession::answer_of(MessageId request) const {
  const auto at = requests_.find(request);
  return at == requests_.end() ? MessageId{} : at->second.answer;
}

}  // namespace mtproto
