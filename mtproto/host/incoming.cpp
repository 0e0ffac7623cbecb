// Whether a message is taken, in the order of checks that Telegram's errors imply: id, salt,
// container, what was seen before, sequence number.
// core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
#include "mtproto/host/state.hpp"

namespace mtproto {
namespace {

// Which must have an even number, and which an odd one. Service requests may have either: clients
// differ, and Telegram lets them.
bool never_content(std::uint32_t id) { return id == MsgsAck::id || id == HttpWait::id; }

bool is_call(std::uint32_t id) {
  switch (id) {
    case Ping::id:
    case PingDelayDisconnect::id:
    case GetFutureSalts::id:
    case DestroySession::id:
    case DestroyAuthKey::id:
    case RpcDropAnswer::id:
    case MsgsStateReq::id:
    case MsgsStateInfo::id:
    case MsgsAllInfo::id:
    case MsgResendReq::id:
    case MsgResendAnsReq::id:
    case MsgsAck::id:
    case HttpWait::id:
      return false;
    default:
      return true;
  }
}

}  // namespace

void Host::State::incoming(const Incoming& incoming) {
  auto* key = ring.find(incoming.key, now);
  if (key == nullptr) return;
  const auto& head = incoming.head;
  const SessionAddress from{incoming.key, head.session};
  if (incoming.wants_quick_ack) transport.write_quick_ack(incoming.quick_ack, out);
  if (const auto code = check_outer(incoming, *key); code != 0) {
    return refuse(from, head.id, head.seqno, code);
  }
  auto& session = greet(from, *key, incoming);
  if (incoming.container) session.received.add(head.id);
  for (const auto& it : incoming.messages) message(from, it);
}

std::int32_t Host::State::check_outer(const Incoming& incoming, HostKey& key) {
  const auto& head = incoming.head;
  if (head.id.value() % 4 != 0) return bad_message::id_wrong_bits;
  const auto time = time_of(head.id);
  if (time < wall() - oldest_message) return bad_message::id_too_low;
  if (time > wall() + newest_message) return bad_message::id_too_high;
  if (!key.salts.accepts(head.salt, now, random)) return bad_message::bad_salt;
  if (incoming.bad_container) return bad_message::invalid_container;
  if (!incoming.container) return 0;
  for (const auto& it : incoming.messages) {
    if (it.id >= head.id) return bad_message::invalid_container;
  }
  const auto* session = key.find(head.session);
  if (session == nullptr) return 0;
  switch (session->received.look(head.id)) {
    case ReceivedIds::Seen::duplicate:
      return bad_message::container_id_known;
    case ReceivedIds::Seen::too_old:
      return bad_message::too_old_to_tell;
    default:
      return options.strict_seqno && head.seqno % 2 != 0 ? bad_message::even_seqno_due : 0;
  }
}

// The session of this message, made where there was none, and told what it missed where this
// connection has not seen it yet.
HostSession& Host::State::greet(const SessionAddress& from, HostKey& key,
                                const Incoming& incoming) {
  auto* session = key.find(from.session);
  const bool fresh = session == nullptr;
  if (fresh) {
    session = &key.add(from.session, now);
    seen.erase(from);
  }
  session->used = now;
  if (seen.insert(from).second) {
    events.push_back(SessionSeen{from});
    for (const auto& kept : session->unacknowledged()) again(from, kept);
  }
  if (fresh) {
    MessageId first = incoming.head.id;
    for (const auto& it : incoming.messages) first = std::min(first, it.id);
    session->first = first;
    queue(from, MessageKind::from_server, true,
          write_service(NewSessionCreated{first, random.word(), key.salts.current(now, random)}));
  }
  return *session;
}

std::int32_t Host::State::check_inner(const Message& message, const HostSession& session) {
  if (message.id.value() % 4 != 0) return bad_message::id_wrong_bits;
  if (session.received.look(message.id) == ReceivedIds::Seen::too_old) {
    return bad_message::too_old_to_tell;
  }
  if (message.content() || options.strict_seqno) {
    switch (session.order.look(message.id, message.seqno)) {
      case SequenceCheck::Result::too_low:
        return bad_message::seqno_too_low;
      case SequenceCheck::Result::too_high:
        return bad_message::seqno_too_high;
      case SequenceCheck::Result::fine:
        break;
    }
  }
  const auto id = tl::Reader(message.body).peek();
  if (options.strict_seqno && message.content() && never_content(id)) {
    return bad_message::even_seqno_due;
  }
  if (!message.content() && is_call(id)) return bad_message::odd_seqno_due;
  return 0;
}

void Host::State::message(const SessionAddress& from, const Message& message) {
  // The message before may have destroyed the key.
  auto* session = ring.find(from, now);
  if (session == nullptr) return;
  // The client says it again by now: whoever took it would carry it out twice.
  if (message.id < session->first) return;
  if (session->received.look(message.id) == ReceivedIds::Seen::duplicate) {
    return repeated(from, *session, message);
  }
  if (const auto code = check_inner(message, *session); code != 0) {
    return refuse(from, message.id, message.seqno, code);
  }
  session->received.add(message.id);
  if (message.content() || options.strict_seqno) session->order.add(message.id, message.seqno);
  if (message.content()) session->acks.add(message.id, now);
  if (service(from, *session, message)) return;
  session->started(message.id);
  events.push_back(Request{from, message.id, Bytes(message.body.begin(), message.body.end())});
}

// Nothing is carried out twice: the answer is said again, or that the message is here.
void Host::State::repeated(const SessionAddress& from, HostSession& session,
                           const Message& message) {
  if (const auto* answer = session.kept(session.answer_of(message.id))) {
    return again(from, *answer);
  }
  if (!message.content()) return;
  queue(from, MessageKind::answer, false, write_service(MsgsAck{{message.id}}));
}

void Host::State::refuse(const SessionAddress& from, MessageId id, std::uint32_t seqno,
                         std::int32_t code) {
  const auto number = static_cast<std::int32_t>(seqno);
  if (code != bad_message::bad_salt) {
    queue(from, MessageKind::answer, false, write_service(BadMsgNotification{id, number, code}));
    return;
  }
  auto* key = ring.find(from.key, now);
  if (key == nullptr) return;
  queue(from, MessageKind::answer, false,
        write_service(BadServerSalt{id, number, code, key->salts.current(now, random)}));
}

}  // namespace mtproto
