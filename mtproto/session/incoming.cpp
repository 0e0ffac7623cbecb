// What the server says, message by message.
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {

void Session::State::incoming(Incoming& incoming) {
  const auto& head = incoming.head;
  const auto& earlier = link->earlier;
  const bool known = std::find(earlier.begin(), earlier.end(), head.session) != earlier.end();
  const bool current = !known;
  if (const auto checked = check_from_server(head, known ? head.session : saved.session);
      !checked) {
    return fail(checked.error());
  }
  if (incoming.bad_container) return fail(errc::bad_container);
  if (clock.trusted() && time_of(head.id) > server_time() + newest_message) {
    // Our own clock may have been stopped with the machine: the next connection learns it anew.
    return fail(errc::bad_message_time);
  }
  bool old = stale(head.id);
  if (incoming.container && !old) old = received.add(head.id) == ReceivedIds::Seen::duplicate;
  for (const auto& it : incoming.messages) {
    if (link->failed) return;
    if (!old) {
      last_words = &it == &incoming.messages.back() ? &incoming : nullptr;
      message(it, current);
      last_words = nullptr;
    } else if (it.content() && current && received.look(it.id) == ReceivedIds::Seen::duplicate) {
      // What never came is not acknowledged: the server says it again in a packet that is new.
      acks.add(it.id, now);
    }
  }
}

bool Session::State::stale(MessageId id) {
  return clock.trusted() && link->backlog.stale(time_of(id), server_time(), !silence.paused());
}

void Session::State::message(const Message& message, bool current) {
  if (message.id.value() % 2 == 0) return fail(errc::bad_message_id);
  const auto seen = received.add(message.id);
  // An acknowledgement is good in its own session only.
  if (message.content() && current) acks.add(message.id, now);
  // Older than all that is remembered: whoever still waits for it has not had it.
  const bool awaited = seen == ReceivedIds::Seen::too_old && answers_somebody(message);
  if (seen == ReceivedIds::Seen::fresh || awaited) return dispatch(message, current);
  const bool updates = message.content() && tl::Reader(message.body).peek() != RpcResult::id;
  if (seen == ReceivedIds::Seen::too_old && updates && current) miss();
}

// It may be new, or a replay of what came long ago; nobody can tell, and so it is not passed on.
// Whoever counts updates has to ask for what it told: once a connection, whatever comes.
void Session::State::miss() {
  if (std::exchange(link->missed, true)) return;
  tell(SessionCreated{unique_id});
}

bool Session::State::answers_somebody(const Message& message) {
  const auto result = read_rpc_result(message.body);
  return result && pending.find(result->req_msg_id) != nullptr;
}

void Session::State::observe(MessageId id) {
  const auto time = time_of(id);
  if (!clock.trusted() || time > server_time()) clock.correct(now, time);
  link->own_repairs = 0;
}

void Session::State::dispatch(const Message& message, bool current) {
  const auto id = tl::Reader(message.body).peek();
  switch (id) {
    case BadServerSalt::id:
      return on_bad_salt(message);
    case BadMsgNotification::id:
      return on_bad_message(message);
    case NewSessionCreated::id:
      if (current) on_new_session(message);
      return;
    default:
      break;
  }
  if (current) {
    confirmed = true;
    salts.accepted();
  }
  if (id == RpcResult::id) return on_rpc_result(message);
  if (dispatch_answer(message, id) || dispatch_question(message, id)) return;
  tell(Pushed{kept(message.body)});
}

tl::Slice Session::State::kept(ByteView part) {
  if (last_words != nullptr) return last_words->spend(part);
  return Bytes(part.begin(), part.end());
}

void Session::State::on_rpc_result(const Message& message) {
  const auto result = read_rpc_result(message.body);
  if (!result) return;
  auto* request = pending.find(result->req_msg_id);
  if (request == nullptr) {
    // Of a call that was dropped: whatever became of it.
    if (!link->own.take(result->req_msg_id).empty()) observe(message.id);
    return;
  }
  // An answer to what an earlier connection wrote says nothing of this one.
  if (request->link == link->number && request->message == result->req_msg_id) {
    observe(message.id);
    if (request->wrapped) link->prefix_answered = true;
  }
  if (temporary && says_unbound(*request, result->result)) return;
  answer(*request, result->result);
}

void Session::State::answer(Pending& request, ByteView body) {
  tell(Answer{request.request, kept(body)});
  pending.erase(request.request);
}

// Answers that stand outside of rpc_result.
bool Session::State::dispatch_answer(const Message& message, std::uint32_t id) {
  const auto to = [&](MessageId question) {
    auto* request = pending.find(question);
    if (request == nullptr) return;
    if (request->link == link->number && request->message == question) observe(message.id);
    answer(*request, message.body);
  };
  // A service request of the caller's that nothing but its own text ties to the answer.
  const auto to_first = [&](auto is_it) {
    for (const auto request : pending.all()) {
      auto& it = *pending.find(request);
      if (it.options.api || !it.written() || !is_it(it.body)) continue;
      answer(it, message.body);
      return;
    }
  };
  const auto to_destroyer = [&](SessionId session) {
    to_first([&](ByteView body) {
      const auto asked = read_service<DestroySession>(body);
      return asked && asked->session_id == session;
    });
  };
  switch (id) {
    case Pong::id:
      if (const auto pong = read_service<Pong>(message.body)) {
        silence.pong();
        if (!link->own.take(pong->msg_id).empty()) observe(message.id);
        to(pong->msg_id);
      }
      return true;
    case FutureSalts::id:
      if (const auto future = read_service<FutureSalts>(message.body)) {
        const bool asked = !link->own.take(future->req_msg_id).empty();
        if (asked) observe(message.id);
        if (asked || pending.find(future->req_msg_id) != nullptr) salts.learn(*future);
        to(future->req_msg_id);
      }
      return true;
    case MsgsStateInfo::id:
      if (const auto info = read_service<MsgsStateInfo>(message.body)) {
        for (const auto& own_message : link->own.take(info->req_msg_id)) {
          observe(message.id);
          if (own_message.kind == OwnMessage::Kind::states ||
              own_message.kind == OwnMessage::Kind::answers) {
            on_states(own_message.about, info->info);
          }
        }
        to(info->req_msg_id);
      }
      return true;
    case DestroySessionOk::id:
      if (const auto gone = read_service<DestroySessionOk>(message.body)) {
        to_destroyer(gone->session_id);
      }
      return true;
    case DestroySessionNone::id:
      if (const auto none = read_service<DestroySessionNone>(message.body)) {
        to_destroyer(none->session_id);
      }
      return true;
    case DestroyAuthKeyOk::id:
    case DestroyAuthKeyNone::id:
    case DestroyAuthKeyFail::id:
      to_first([](ByteView body) { return tl::Reader(body).peek() == DestroyAuthKey::id; });
      return true;
    default:
      return false;
  }
}

// What the server wants to know, or tells of its own accord.
bool Session::State::dispatch_question(const Message& message, std::uint32_t id) {
  const auto states_of = [&](const std::vector<MessageId>& asked) {
    Bytes info;
    for (const auto it : asked) info.push_back(received.state(it));
    return info;
  };
  const auto detailed = [&](MessageId answer_id) {
    if (received.look(answer_id) == ReceivedIds::Seen::duplicate) {
      acks.add(answer_id, now);
    } else {
      link->wanted().resend.push_back(answer_id);
    }
  };
  const auto heard_of = [&](MessageId ours) {
    for (const auto request : pending.named(ours)) {
      auto& it = *pending.find(request);
      if (it.stage != Pending::Stage::sent) continue;
      it.stage = Pending::Stage::received;
      it.touched = now;
    }
  };
  switch (id) {
    case MsgsAck::id:
      if (const auto ack = read_service<MsgsAck>(message.body)) {
        for (const auto ours : ack->msg_ids) heard_of(ours);
      }
      return true;
    case MsgsAllInfo::id:
      if (const auto all = read_service<MsgsAllInfo>(message.body)) {
        for (std::size_t i = 0; i < std::min(all->msg_ids.size(), all->info.size()); ++i) {
          if ((all->info[i] & message_state::kind) == message_state::received) {
            heard_of(all->msg_ids[i]);
          }
        }
      }
      return true;
    case MsgsStateReq::id:
      if (const auto question = read_service<MsgsStateReq>(message.body)) {
        link->wanted().replies.push_back(
            write_service(MsgsStateInfo{message.id, states_of(question->msg_ids)}));
      }
      return true;
    case MsgResendReq::id:
      if (const auto question = read_service<MsgResendReq>(message.body)) {
        bool any = false;
        for (const auto ours : question->msg_ids) {
          for (const auto request : pending.named(ours)) {
            any = true;
            pending.requeue(*pending.find(request));
          }
        }
        if (!any) {
          link->wanted().replies.push_back(
              write_service(MsgsStateInfo{message.id, states_of(question->msg_ids)}));
        }
      }
      return true;
    case MsgDetailedInfo::id:
      if (const auto info = read_service<MsgDetailedInfo>(message.body)) {
        heard_of(info->msg_id);
        detailed(info->answer_msg_id);
      }
      return true;
    case MsgNewDetailedInfo::id:
      if (const auto info = read_service<MsgNewDetailedInfo>(message.body)) {
        detailed(info->answer_msg_id);
      }
      return true;
    default:
      return false;
  }
}

}  // namespace mtproto
