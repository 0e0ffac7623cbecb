// How the session does what its temporary keys ask for: makes them, goes over to them, and leaves
// those that the server does not know. Only where `temporary` is.
#include <algorithm>
#include <utility>

#include "mtproto/message/service_rpc.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

constexpr std::int32_t key_not_found = -404;
constexpr std::uint32_t get_nearest_dc = 0x1fb33026;

}  // namespace

void Session::State::connect_temporary() {
  const auto order = temporary->connected(now);
  obey(order);
  if (order.kind == TemporaryBinding::Order::Kind::make_key) tell(KeyExchangeBegun{});
}

void Session::State::obey(const TemporaryBinding::Order& order) {
  using Kind = TemporaryBinding::Order::Kind;
  if (!temporary->making()) link->exchange.reset();
  switch (order.kind) {
    case Kind::nothing:
      return;
    case Kind::make_key:
      return start_exchange(order.expires_in);
    case Kind::serve:
      return become_ready();
    case Kind::go_over:
      return go_over();
    case Kind::renew:
      if (asks_about_requests()) return temporary->put_off(now);
      return obey(temporary->renew(now));
    case Kind::fail:
      return fail(order.why, order.transport_code);
  }
}

// The next session can't be asked about what this one has to find out yet.
bool Session::State::asks_about_requests() {
  const auto all = pending.all();
  return std::any_of(all.begin(), all.end(), [&](RequestId request) {
    return pending.find(request)->stage == Pending::Stage::asked;
  });
}

// --- going over ---

bool Session::State::heard_of_binding(const Incoming& incoming) {
  const auto order = temporary->heard(incoming, clock, now);
  if (!order) return false;
  for (const auto& it : incoming.messages) received.add(it.id);
  obey(*order);
  return true;
}

void Session::State::go_over() {
  if (link->ready) leave_session();
  adopt_session(temporary->go_over());
  if (!link->ready) become_ready();
  if (unique_id != 0) tell(SessionCreated{unique_id});
  if (temporary->renewed()) introduce();
}

// What is in flight still gets its answers, but the next session can't be asked about it.
void Session::State::leave_session() {
  if (temporary->bound()) {  // the last words
    Batch batch;
    write_own(batch);
    flush(batch);
  }
  link->earlier.push_back(saved.session);
  link->prefix_answered = false;
  link->salts_asked = false;
  if (link->wants) {
    link->wants->states.clear();
    link->wants->answers.clear();
    link->wants->drops.clear();
  }
  for (const auto request : pending.all()) {
    auto& it = *pending.find(request);
    if (it.stage != Pending::Stage::asked) continue;
    if (it.link == link->number) {
      it.stage = Pending::Stage::sent;
    } else if (it.repeatable()) {
      pending.requeue(it);
    } else {
      lose(request);
    }
  }
}

// The binding has used up some of the numbers already.
void Session::State::adopt_session(Binding bound) {
  saved.session = bound.session();
  ids = bound.ids();
  sequence = bound.sequence();
  salts = SaltBook(bound.salt());
  acks.take();
  for (const auto id : bound.content()) acks.add(id, now);
  confirmed = true;
  unique_id = bound.unique_id();
}

// Updates come to sessions that have made an API call, and a client that only listens makes none.
void Session::State::introduce() {
  if (introduction || prefix.empty()) return;
  introduction = RequestId(++last_request);
  SendOptions call;
  call.repeat = Repeat::freely;
  Bytes body;
  tl::Writer(body).nat(get_nearest_dc);
  pending.add(*introduction, std::move(body), std::move(call));
}

// --- what the server has against the key ---

bool Session::State::says_key_unknown(std::int32_t code) {
  if (code != key_not_found) return false;
  const auto order = temporary->unknown(now);
  if (!order) return false;
  if (order->kind != TemporaryBinding::Order::Kind::fail) {
    silence.want_ping();
  } else if (!temporary->heard()) {
    // Where the server has not said anything on this connection, it has taken nothing of it.
    for (const auto request : pending.all()) {
      auto& it = *pending.find(request);
      if (it.stage == Pending::Stage::sent && it.link == link->number) pending.requeue(it);
    }
  }
  obey(*order);
  return true;
}

bool Session::State::says_unbound(Pending& request, ByteView answer) {
  const auto error = read_service<RpcError>(answer);
  if (!error || tl::as_text(error->error_message) != "AUTH_KEY_PERM_EMPTY") {
    temporary->accepted();
    if (introduction != request.request) return false;
    pending.erase(request.request);
    introduction.reset();
    return true;
  }
  if (++request.repairs > TemporaryBinding::most_refusals) return false;
  pending.requeue(request);
  if (request.session != saved.session) return true;  // said of the key before
  obey(temporary->disowned(now));
  return true;
}

}  // namespace mtproto
