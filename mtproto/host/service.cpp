// Service messages of a client. core.telegram.org/mtproto/service_messages,
// /service_messages_about_messages
#include "mtproto/host/state.hpp"

namespace mtproto {
namespace {

constexpr std::int32_t most_salts = 64;

std::int32_t seconds_of(UnixTime time) {
  return static_cast<std::int32_t>(
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

}  // namespace

bool Host::State::service(const SessionAddress& from, HostSession& session,
                          const Message& message) {
  const auto reply = [&](auto value) {
    session.acks.remove(message.id);
    queue(from, MessageKind::answer, false, write_service(value));
  };
  const auto id = tl::Reader(message.body).peek();
  switch (id) {
    case Ping::id:
      if (const auto ping = read_service<Ping>(message.body)) {
        reply(Pong{message.id, ping->ping_id});
      }
      return true;
    case PingDelayDisconnect::id:
      if (const auto ping = read_service<PingDelayDisconnect>(message.body)) {
        close_at = now + std::chrono::seconds{std::max(ping->disconnect_delay, 0)};
        reply(Pong{message.id, ping->ping_id});
      }
      return true;
    case GetFutureSalts::id:
      if (const auto get = read_service<GetFutureSalts>(message.body)) {
        const auto count = static_cast<std::size_t>(std::clamp(get->num, 1, most_salts));
        FutureSalts salts{message.id, seconds_of(wall()), {}};
        for (const auto& it : ring.find(from.key, now)->salts.upcoming(count, now, random)) {
          const auto since = clock.at(it.since);
          salts.salts.push_back(
              {seconds_of(since), seconds_of(since + SaltSchedule::valid_for), it.salt});
        }
        reply(salts);
      }
      return true;
    case DestroySession::id:
      if (const auto destroy = read_service<DestroySession>(message.body)) {
        const SessionAddress gone{from.key, destroy->session_id};
        // Its own session can't be destroyed by a session.
        if (gone != from && ring.find(gone, now) != nullptr) {
          ring.find(from.key, now)->sessions.erase(gone.session);
          seen.erase(gone);
          outbox.erase(gone);
          events.push_back(SessionGone{gone});
          reply(DestroySessionOk{gone.session});
        } else {
          reply(DestroySessionNone{gone.session});
        }
      }
      return true;
    case DestroyAuthKey::id:
      reply(DestroyAuthKeyOk{});
      destroy_key(from);
      return true;
    case RpcDropAnswer::id:
      drop_answer(from, session, message);
      return true;
    default:
      return about_messages(from, session, message, id);
  }
}

void Host::State::destroy_key(const SessionAddress& from) {
  write_out();  // the last words under this key
  ring.erase(from.key);
  std::erase_if(seen, [&](const auto& it) { return !ring.keys.contains(it.key); });
  events.push_back(KeyGone{from.key});
}

bool Host::State::about_messages(const SessionAddress& from, HostSession& session,
                                 const Message& message, std::uint32_t id) {
  const auto say_states = [&](const std::vector<MessageId>& ids) {
    session.acks.remove(message.id);
    queue(from, MessageKind::answer, false,
          write_service(MsgsStateInfo{message.id, states(session, ids)}));
  };
  const auto resend = [&](const std::vector<MessageId>& asked, auto message_of) {
    bool all = true;
    for (const auto it : asked) {
      const auto* kept = session.kept(message_of(it));
      all = all && kept != nullptr;
      if (kept != nullptr) again(from, *kept);
    }
    if (!all) say_states(asked);
  };
  switch (id) {
    case MsgsAck::id:
      if (const auto ack = read_service<MsgsAck>(message.body)) {
        for (const auto it : ack->msg_ids) session.acknowledged(it);
      }
      return true;
    case MsgsStateReq::id:
      if (const auto ask = read_service<MsgsStateReq>(message.body)) say_states(ask->msg_ids);
      return true;
    case MsgResendReq::id:
      if (const auto ask = read_service<MsgResendReq>(message.body)) {
        resend(ask->msg_ids, [](MessageId it) { return it; });
      }
      return true;
    case MsgResendAnsReq::id:
      if (const auto ask = read_service<MsgResendAnsReq>(message.body)) {
        resend(ask->msg_ids, [&](MessageId it) { return session.answer_of(it); });
      }
      return true;
    case MsgsStateInfo::id:
    case MsgsAllInfo::id:
    case HttpWait::id:
      return true;
    default:
      return false;
  }
}

Bytes Host::State::states(const HostSession& session, const std::vector<MessageId>& ids) const {
  Bytes info;
  info.reserve(ids.size());
  for (const auto id : ids) {
    auto state = session.received.state(id);
    const auto stage = session.stage(id);
    if (stage != HostSession::Stage::unknown) state = message_state::received;
    if (stage == HostSession::Stage::running) state |= message_state::being_processed;
    if (stage == HostSession::Stage::answered) state |= message_state::answered;
    info.push_back(state);
  }
  return info;
}

void Host::State::drop_answer(const SessionAddress& from, HostSession& session,
                              const Message& message) {
  const auto drop = read_service<RpcDropAnswer>(message.body);
  if (!drop) return;
  const auto request = drop->req_msg_id;
  Bytes result;
  switch (session.stage(request)) {
    case HostSession::Stage::running:
      events.push_back(AnswerDropped{from, request});
      result = write_service(RpcAnswerDroppedRunning{});
      break;
    case HostSession::Stage::answered:
      if (const auto* kept = session.kept(session.answer_of(request))) {
        result = write_service(RpcAnswerDropped{kept->id, static_cast<std::int32_t>(kept->seqno),
                                                static_cast<std::int32_t>(kept->body->size())});
        std::erase_if(outbox[from], [&](const auto& it) { return it.id == kept->id; });
        session.acknowledged(kept->id);
        events.push_back(AnswerDropped{from, request});
        break;
      }
      [[fallthrough]];
    default:
      result = write_service(RpcAnswerUnknown{});
      break;
  }
  if (session.stage(request) != HostSession::Stage::unknown) session.dropped(request);
  answer(from, message.id, result);
}

}  // namespace mtproto
