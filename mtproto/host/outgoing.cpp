// What a Host writes: answers, pushes and service replies, by session, packed together.
#include <algorithm>

#include "mtproto/host/state.hpp"
#include "mtproto/message/gzip.hpp"

namespace mtproto {
namespace {

constexpr std::size_t most_messages = 1000;
constexpr std::size_t most_bytes = std::size_t{64} << 10;

}  // namespace

MessageId Host::State::queue(const SessionAddress& to, MessageKind kind, bool content, Bytes body) {
  auto* session = ring.find(to, now);
  HostMessage message;
  message.id = ring.ids.next(wall(), kind, random);
  message.seqno = session == nullptr ? 0 : session->sequence.next(content);
  message.body = std::make_shared<const Bytes>(std::move(body));
  if (content && session != nullptr) session->keep(message);
  // A session that is not here finds it on its next connection; a refusal has no session yet.
  if (seen.contains(to) || !content) {
    outbox[to].push_back(std::move(message));
    return outbox[to].back().id;
  }
  return message.id;
}

void Host::State::again(const SessionAddress& to, const HostMessage& message) {
  auto& messages = outbox[to];
  const auto is_it = [&](const HostMessage& it) { return it.id == message.id; };
  if (std::none_of(messages.begin(), messages.end(), is_it)) messages.push_back(message);
}

bool Host::State::answer(const SessionAddress& to, MessageId request, ByteView result) {
  auto* session = ring.find(to, now);
  if (session == nullptr) return false;
  if (session->stage(request) == HostSession::Stage::dropped) return true;
  std::optional<Bytes> packed;
  if (result.size() > options.gzip_above && !is_gzip_packed(result)) packed = pack_gzip(result);
  const auto id = queue(to, MessageKind::answer, true,
                        write_rpc_result(request, packed ? ByteView(*packed) : result));
  session->answered(request, id);
  return seen.contains(to);
}

void Host::State::write_out() {
  if (failed || !transport.framing()) return;
  for (const auto& address : seen) {
    const auto* session = ring.find(address, now);
    if (session != nullptr && session->acks.due(now)) outbox[address];
  }
  for (auto& [address, messages] : std::exchange(outbox, {})) {
    write_session(address, std::move(messages));
  }
}

void Host::State::write_session(const SessionAddress& to, std::vector<HostMessage> messages) {
  auto* key = ring.find(to.key, now);
  if (key == nullptr) return;
  auto* session = key->find(to.session);
  if (session != nullptr && !session->acks.empty()) {
    HostMessage ack;
    ack.id = ring.ids.next(wall(), MessageKind::answer, random);
    ack.seqno = session->sequence.next(false);
    ack.body = std::make_shared<const Bytes>(write_service(MsgsAck{session->acks.take()}));
    messages.push_back(std::move(ack));
  }
  MessageHead head;
  head.salt = key->salts.current(now, random);
  head.session = to.session;
  for (std::size_t at = 0; at < messages.size();) {
    const auto& first = messages[at];
    std::vector<InnerMessage> inner;
    std::size_t bytes = 0;
    bool again = false;
    do {
      const auto& it = messages[at++];
      inner.push_back({it.id, it.seqno, *it.body});
      bytes += it.body->size() + inner_message_head;
      again |= it.again;
    } while (at < messages.size() && inner.size() < most_messages &&
             bytes + messages[at].body->size() <= most_bytes);
    Bytes packet;
    if (inner.size() == 1 && !again) {
      head.id = first.id;
      head.seqno = first.seqno;
      seal(key->key, Side::server, head, *first.body, random, packet);
    } else {
      head.id = ring.ids.next(wall(), MessageKind::from_server, random);
      head.seqno = session == nullptr ? 0 : session->sequence.next(false);
      Bytes container;
      write_container(inner, container);
      seal(key->key, Side::server, head, container, random, packet);
    }
    transport.write(packet, out);
  }
}

std::optional<Time> Host::State::deadline() {
  if (failed) return {};
  auto earliest = close_at;
  for (const auto& address : seen) {
    const auto* session = ring.find(address, now);
    const auto due = session == nullptr ? std::nullopt : session->acks.deadline();
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

}  // namespace mtproto
