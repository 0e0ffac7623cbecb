// What the server did not like, and what was lost on the way.
// core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message
//
// A request whose fate is unknown goes out again only where that does no harm; one that the server
// named as not taken goes out again always.
#include "mtproto/session/draw_session_id.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

constexpr int most_repairs = 5;
constexpr int most_without_answer = 3;

namespace bad_message {
constexpr std::int32_t id_too_low = 16;
constexpr std::int32_t id_too_high = 17;
constexpr std::int32_t container_id_known = 19;
constexpr std::int32_t too_old_to_tell = 20;
constexpr std::int32_t invalid_container = 64;
}  // namespace bad_message

}  // namespace

void Session::State::repair(Pending& request) {
  if (++request.repairs > most_repairs) return fail(errc::too_many_repairs);
  pending.requeue(request);
}

void Session::State::say_again(std::vector<OwnMessage> messages) {
  if (messages.empty()) return;
  if (++link->own_repairs > most_repairs) return fail(errc::too_many_repairs);
  for (const auto& it : messages) {
    const bool current = it.session == saved.session;
    const auto again = [&](std::vector<MessageId>& wanted) {
      if (current) wanted.insert(wanted.end(), it.about.begin(), it.about.end());
    };
    switch (it.kind) {
      case OwnMessage::Kind::acks:
        if (current) {
          for (const auto id : it.about) acks.add(id, now);
        }
        break;
      case OwnMessage::Kind::ping:
        silence.want_ping();
        break;
      case OwnMessage::Kind::salts:
        link->salts_asked = false;
        break;
      case OwnMessage::Kind::states:
        again(link->wanted().states);
        break;
      case OwnMessage::Kind::resend:
        again(link->wanted().resend);
        break;
      case OwnMessage::Kind::answers:
        again(link->wanted().answers);
        break;
      case OwnMessage::Kind::drop:
        again(link->wanted().drops);
        break;
      case OwnMessage::Kind::reply:
        break;  // whoever asked asks again
    }
  }
}

void Session::State::lose(RequestId request) {
  tell(Lost{request});
  pending.erase(request);
}

void Session::State::again_or_lost(Pending& request) {
  if (request.repeatable()) {
    pending.requeue(request);
  } else {
    lose(request.request);
  }
}

void Session::State::on_bad_salt(const Message& message) {
  const auto bad = read_service<BadServerSalt>(message.body);
  if (!bad) return;
  salts.take(bad->new_server_salt);
  for (const auto request : pending.named(bad->bad_msg_id)) {
    auto& it = *pending.find(request);
    if (it.link == link->number) observe(message.id);
    repair(it);
  }
  say_again(link->own.take(bad->bad_msg_id));
}

void Session::State::on_bad_message(const Message& message) {
  const auto bad = read_service<BadMsgNotification>(message.body);
  if (!bad) return;
  if (bad->error_code == bad_message::container_id_known) {
    return on_known_container(bad->bad_msg_id);
  }
  const auto requests = pending.named(bad->bad_msg_id);
  auto own_messages = link->own.take(bad->bad_msg_id);
  if (requests.empty() && own_messages.empty()) {
    // One that was written again since needs nothing; of any other somebody should know.
    if (pending.find(bad->bad_msg_id) == nullptr) {
      tell(Pushed{Bytes(message.body.begin(), message.body.end())});
    }
    return;
  }
  const auto code = bad->error_code;
  if (code == bad_message::id_too_low || code == bad_message::id_too_high) {
    clock.correct(now, time_of(message.id));
  }
  std::vector<RequestId> to_repair;
  bool current = false;
  for (const auto request : requests) {
    auto& it = *pending.find(request);
    if (it.options.seqno) {
      // The caller chose the number and gets to hear of it; it counts as not used.
      if (sequence.last() == it.seqno) sequence = Sequence(it.seqno_before);
      answer(it, message.body);
    } else if (code == bad_message::too_old_to_tell && !it.repeatable()) {
      lose(request);
    } else {
      current |= it.session == saved.session;
      if (code == bad_message::invalid_container) it.alone = true;
      to_repair.push_back(request);
    }
  }
  for (const auto& it : own_messages) current |= it.session == saved.session;
  // Everything but a low id means that the numbers of this session are beyond repair.
  if (current && code != bad_message::id_too_low && code != bad_message::too_old_to_tell) {
    fresh_session();
    // Only a clock that was set back may lead to ids below those of the session before.
    if (code == bad_message::id_too_high) ids.reset();
  }
  for (const auto request : to_repair) {
    if (auto* it = pending.find(request)) repair(*it);
  }
  say_again(std::move(own_messages));
}

// No id of ours is used twice: somebody on the way said the container twice, and the server has
// taken it the first time. What is in it may have been carried out, so that it is asked about.
void Session::State::on_known_container(MessageId container) {
  for (const auto request : pending.named(container)) {
    auto& it = *pending.find(request);
    if (it.stage == Pending::Stage::sent) ask_about(it);
  }
}

void Session::State::fresh_session() {
  const auto before = saved.session;
  do {
    saved.session = draw_session_id(random);
  } while (saved.session == before);
  sequence = {};
  acks.take();
  confirmed = false;
  unique_id = 0;
  if (!link || !link->ready) return;
  link->earlier.push_back(before);
  link->prefix_answered = false;
  for (const auto request : pending.all()) {
    auto& it = *pending.find(request);
    if (!it.written()) continue;
    if (it.repeatable()) {
      pending.requeue(it);
    } else if (it.stage == Pending::Stage::asked) {
      // The new session can't be asked about the old one, whose answers may still come here.
      if (it.link != link->number) {
        lose(request);
      } else {
        it.stage = Pending::Stage::sent;
      }
    }
  }
}

void Session::State::on_new_session(const Message& message) {
  const auto created = read_service<NewSessionCreated>(message.body);
  if (!created || created->unique_id == unique_id) return;
  unique_id = created->unique_id;
  salts.take(created->server_salt);
  tell(SessionCreated{created->unique_id});
  for (const auto request : pending.all()) {
    auto& it = *pending.find(request);
    if (!it.written() || it.session != saved.session || !(it.outer() < created->first_msg_id)) {
      continue;
    }
    // What this connection wrote before the session existed was never taken; anything else may
    // have been carried out by a server that has forgotten it since.
    const bool never_taken = !confirmed && it.link == link->number;
    if (never_taken || it.repeatable()) {
      repair(it);
    } else {
      lose(request);
    }
  }
  say_again(link->own.take_before(created->first_msg_id));
  confirmed = true;
}

void Session::State::on_states(const std::vector<MessageId>& about, const Bytes& info) {
  if (info.size() != about.size()) return fail(errc::malformed_message);
  for (std::size_t i = 0; i < about.size(); ++i) {
    auto* it = pending.find(about[i]);
    if (it == nullptr || it->message != about[i]) continue;
    const auto kind = info[i] & message_state::kind;
    const bool missing = kind >= message_state::unknown && kind <= message_state::not_received_yet;
    if (it->stage == Pending::Stage::received) {
      // Its answer was asked for, and does not come of a server that has the one or the other no
      // more.
      const bool gone =
          (info[i] & message_state::answered) != 0 && ++it->without_answer == most_without_answer;
      if (missing || gone) again_or_lost(*it);
    } else if (it->stage != Pending::Stage::asked) {
      continue;
    } else if (kind == message_state::unknown) {
      again_or_lost(*it);  // so old that the server may have had it
    } else if (missing) {
      pending.requeue(*it);
    } else {
      it->stage = Pending::Stage::received;
      it->touched = now;
      look_by(now + patience(*it));
    }
  }
}

// A new connection: what went out on earlier ones and was not answered.
void Session::State::settle_earlier_links() {
  for (const auto request : pending.all()) {
    auto& it = *pending.find(request);
    it.repairs = 0;
    if (!it.written()) continue;
    if (it.repeatable()) {
      pending.requeue(it);
    } else if (it.session != saved.session) {
      lose(request);
    } else {
      ask_about(it);
    }
  }
}

}  // namespace mtproto
