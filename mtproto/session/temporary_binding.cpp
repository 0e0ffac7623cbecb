// How a temporary key is bound, and the session goes over to it.
#include <algorithm>
#include <utility>

#include "mtproto/message/service_rpc.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

using std::chrono::seconds;

constexpr std::uint32_t bool_true = 0x997275b5;
constexpr std::uint32_t get_nearest_dc = 0x1fb33026;
// A permanent key takes its time to reach all servers of a data centre.
constexpr Duration spreads_for = seconds{60};

Duration pause_after(int refusals) { return seconds{1} * (1 << std::min(refusals - 1, 4)); }

}  // namespace

void Session::State::write_binding() {
  auto& keys = *temporary;
  if (!keys.binding) return;
  const auto packet = keys.binding->write(*keys.permanent.key, server_time(), now, random);
  if (packet) link->transport.write(*packet, link->out);
}

bool Session::State::binding_heard(const Incoming& incoming) {
  auto& keys = *temporary;
  keys.heard_on = link->number;
  // One that is bound again has a second session.
  if (!keys.binding || incoming.key != keys.binding->key().key.id()) return false;
  const bool again = saved.key && saved.key->id() == incoming.key;
  if (again && incoming.head.session != keys.binding->session()) return false;
  for (const auto& it : incoming.messages) received.add(it.id);
  if (const auto answer = keys.binding->heard(incoming, clock, now, random)) {
    binding_answered(*answer);
  }
  return true;
}

void Session::State::binding_answered(ByteView answer) {
  if (tl::Reader(answer).peek() == bool_true) return adopt_temporary_key();
  binding_refused(answer);
}

void Session::State::binding_refused(ByteView answer) {
  auto& keys = *temporary;
  const auto refused = read_service<RpcError>(answer);
  const auto name = refused ? tl::as_text(refused->error_message) : std::string_view{};
  const bool key_unknown = name == "ENCRYPTED_MESSAGE_INVALID";
  const bool young = keys.permanent_made && now < *keys.permanent_made + spreads_for;
  const bool given_up =
      ++keys.refusals > (key_unknown && !young ? 1 : TemporaryKeys::most_refusals);
  const bool serving = keys.current && !keys.unbound;
  if (given_up) {
    if (serving) return renewal_failed();
    return fail(key_unknown ? errc::permanent_key_refused : errc::binding_refused);
  }
  const bool later = refused && (refused->error_code == 500 || refused->error_code < 0 ||
                                 refused->error_code == 420);
  if (key_unknown || later) return keys.binding->again(now + pause_after(keys.refusals));
  // EXPIRES_AT_INVALID, TEMP_AUTH_KEY_…: of no more use.
  keys.binding.reset();
  if (keys.unbound) drop_temporary_key();
  start_temporary_key();
}

void Session::State::adopt_temporary_key() {
  auto& keys = *temporary;
  auto bound = std::move(*keys.binding);
  keys.binding.reset();
  if (link->ready) {
    leave_session();
    if (keys.current && keys.current->key.id() != bound.key().key.id()) {
      keys.earlier.push_back(std::move(*keys.current));
    }
  }
  keys.current = bound.key();
  keys.unbound = false;
  saved.key = bound.key().key;
  adopt_session(bound);
  if (!link->ready) become_ready();
  if (unique_id != 0) events.push_back(SessionCreated{unique_id});
  introduce();
}

// Updates come to sessions that have made an API call, and a client that only listens makes none.
void Session::State::introduce() {
  auto& keys = *temporary;
  if (!std::exchange(keys.used, true) || keys.introduction || prefix.empty()) return;
  keys.introduction = RequestId(++last_request);
  SendOptions call;
  call.repeat = Repeat::freely;
  Bytes body;
  tl::Writer(body).nat(get_nearest_dc);
  pending.add(*keys.introduction, std::move(body), std::move(call));
}

// What is in flight still gets its answers, but the next session can't be asked about it.
void Session::State::leave_session() {
  if (!temporary->unbound) {  // the last words
    Batch batch;
    write_own(batch);
    flush(batch);
  }
  link->earlier.push_back(saved.session);
  link->prefix_answered = false;
  link->salts_asked = false;
  link->want_states.clear();
  link->want_answers.clear();
  link->want_drops.clear();
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
void Session::State::adopt_session(Binding& bound) {
  saved.session = bound.session();
  ids = bound.ids();
  sequence = bound.sequence();
  salts = SaltBook(bound.salt());
  acks.take();
  for (const auto id : bound.content()) acks.add(id, now);
  confirmed = true;
  unique_id = bound.unique_id();
}

}  // namespace mtproto
