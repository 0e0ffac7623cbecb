// What is written: own service messages and requests that wait, packed together.
#include "mtproto/exchange/plain_message.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/session/state.hpp"
#include "mtproto/session/wrapping.hpp"

namespace mtproto {
namespace {

// The server closes a connection so long after the last ping.
constexpr std::int32_t disconnect_delay = 75;
// Two hours' worth.
constexpr std::int32_t salts_at_once = 4;
// Calls that are dropped in one packet.
constexpr std::size_t most_drops = 100;

}  // namespace

void Session::State::write_out() {
  if (link->failed) return;
  if (link->exchange) {
    while (const auto body = link->exchange->take_output()) {
      Bytes packet;
      write_plain_message(link->plain_ids.next(server_time(), MessageKind::from_client, random),
                          *body, packet);
      link->transport.write(packet, link->out);
    }
  }
  if (temporary) {
    if (const auto packet = temporary->write(server_time(), now)) {
      link->transport.write(*packet, link->out);
    }
    if (!temporary->bound()) return;
  }
  if (!link->ready) return;
  Batch batch;
  write_own(batch);
  write_requests(batch);
  flush(batch);
}

void Session::State::own(Batch& batch, OwnMessage::Kind kind, Bytes body,
                         std::vector<MessageId> about) {
  OwnMessage message;
  message.kind = kind;
  message.id = ids.next(server_time(), MessageKind::from_client, random);
  message.session = saved.session;
  message.about = std::move(about);
  batch.add_owned(message.id, sequence.next(false), std::move(body));
  if (kind != OwnMessage::Kind::acks && kind != OwnMessage::Kind::reply) silence.expect_answer();
  link->own.add(std::move(message));
}

void Session::State::write_own(Batch& batch) {
  using Kind = OwnMessage::Kind;
  const bool anything = pending.anything_queued() || acks.due(now) || silence.wants_ping() ||
                        (link->wants && !link->wants->empty());
  if (!anything) return;
  if (!acks.empty()) {
    auto about = acks.take();
    own(batch, Kind::acks, write_service(MsgsAck{about}), about);
  }
  if (silence.take_ping(now)) {
    own(batch, Kind::ping, write_service(PingDelayDisconnect{random.word(), disconnect_delay}));
  }
  if (!link->salts_asked && salts.wants_more(server_time())) {
    link->salts_asked = true;
    own(batch, Kind::salts, write_service(GetFutureSalts{salts_at_once}));
  }
  if (link->wants) write_wanted(batch);
}

void Session::State::write_wanted(Batch& batch) {
  using Kind = OwnMessage::Kind;
  auto& wants = *link->wants;
  const auto ask = [&](std::vector<MessageId>& wanted, Kind kind, auto write) {
    if (wanted.empty()) return;
    auto about = std::exchange(wanted, {});
    if (about.size() > max_ids) {
      wanted.assign(about.begin() + max_ids, about.end());
      about.resize(max_ids);
    }
    own(batch, kind, write(about), about);
  };
  ask(wants.states, Kind::states,
      [](const auto& about) { return write_service(MsgsStateReq{about}); });
  ask(wants.resend, Kind::resend,
      [](const auto& about) { return write_service(MsgResendReq{about}); });
  ask(wants.answers, Kind::answers,
      [](const auto& about) { return write_service(MsgResendAnsReq{about}); });
  for (std::size_t i = 0; i < most_drops && !wants.drops.empty(); ++i) {
    const auto about = wants.drops.back();
    wants.drops.pop_back();
    own(batch, Kind::drop, write_service(RpcDropAnswer{about}), {about});
  }
  for (auto& reply : std::exchange(wants.replies, {})) own(batch, Kind::reply, std::move(reply));
  if (wants.empty()) link->wants.reset();
}

// A request that has to come after one of unknown fate waits until that is known: its id may
// change. So it does behind one that waits itself, and one that another session was told of.
bool Session::State::held_back(const Pending& request) {
  for (const auto earlier : request.options.after) {
    const auto* it = pending.find(earlier);
    if (it == nullptr || !(earlier < request.request)) continue;
    if (!it->written() || it->stage == Pending::Stage::asked || it->session != saved.session) {
      return true;
    }
  }
  return false;
}

// The body with what goes around it, packed; none where it goes as it is.
std::optional<Bytes> Session::State::wrapped_body(Pending& request) {
  if (!request.options.api) return {};
  request.wrapped = !request.options.bare && !prefix.empty() && !link->prefix_answered;
  std::vector<MessageId> after;
  for (const auto earlier : request.options.after) {
    const auto* it = pending.find(earlier);
    if (it != nullptr && it->written() && it->session == saved.session) {
      after.push_back(it->message);
    } else if (const auto gone = forgotten.find(earlier, saved.session)) {
      after.push_back(*gone);
    }
  }
  const bool as_it_is = !request.wrapped && after.empty() && request.body.size() <= worth_packing;
  if (as_it_is) return {};
  return wrap(request.wrapped ? ByteView(prefix) : ByteView{}, after, request.body);
}

void Session::State::write_requests(Batch& batch) {
  for (auto next = pending.first_queued(); next; next = pending.queued_after(*next)) {
    const auto id = *next;
    auto& request = *pending.find(id);
    if (held_back(request)) continue;
    auto wrapped = wrapped_body(request);
    const auto body = wrapped ? ByteView(*wrapped) : ByteView(request.body);
    if (request.alone || !batch.fits(body)) flush(batch);
    request.seqno_before = sequence.last();
    request.seqno =
        request.options.seqno ? *request.options.seqno : sequence.next(request.options.api);
    sequence.used(request.seqno);
    request.session = saved.session;
    request.link = link->number;
    request.touched = now;
    look_by(now + patience(request));
    pending.written(request, ids.next(server_time(), MessageKind::from_client, random));
    if (wrapped) {
      batch.add_owned(request.message, request.seqno, std::move(*wrapped));
    } else if (!request.options.answered) {  // it goes at once
      batch.add_shared(request.message, request.seqno, request.body);
    } else {
      batch.add(request.message, request.seqno, request.body);
    }
    if (request.alone) flush(batch);
    if (request.options.answered) silence.expect_answer();
    if (!request.options.answered) {
      tell(Written{id});
      pending.erase(id);
    }
  }
}

void Session::State::flush(Batch& batch) {
  if (batch.items().empty()) return;
  MessageHead head;
  head.salt = salts.at(server_time());
  head.session = saved.session;
  Bytes packet;
  tl::lend_room(packet);
  if (batch.items().size() == 1) {
    const auto& only = batch.items().front();
    head.id = only.id;
    head.seqno = only.seqno;
    seal(*key(), Side::client, head, only.body, random, packet);
  } else {
    head.id = ids.next(server_time(), MessageKind::from_client, random);
    head.seqno = sequence.next(false);
    for (const auto& item : batch.items()) {
      if (auto* request = pending.find(item.id)) request->container = head.id;
      link->own.contained(item.id, head.id);
    }
    seal(*key(), Side::client, head, batch.container(), random, packet);
  }
  tl::lend_room(link->out);
  link->transport.write(packet, link->out);
  forget_bytes(packet);
  batch.clear();
}

}  // namespace mtproto
