// How temporary keys are made, bound, renewed ahead of their end, and what the server may have
// against them.
#include "mtproto/session/temporary_keys.hpp"

#include <algorithm>

#include "mtproto/message/service_rpc.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

using std::chrono::seconds;

constexpr std::int32_t key_not_found = -404;
constexpr std::uint32_t bool_true = 0x997275b5;
constexpr int most_refusals = 5;
// A permanent key takes its time to reach all servers of a data centre.
constexpr Duration spreads_for = seconds{60};
constexpr Duration renewal_patience = seconds{60};
constexpr Duration longest_pause = std::chrono::minutes{5};

Duration pause_after(int refusals) { return seconds{1} * (1 << std::min(refusals - 1, 4)); }

// A while before the end: the clocks of both sides differ, and answers take time.
Duration margin(Duration lifetime) { return std::min(Duration(seconds{10}), lifetime / 20); }
Duration ahead(Duration lifetime) {
  return std::min(Duration(std::chrono::hours{1}), lifetime / 4);
}

std::string_view error_name(const Bytes& text) { return tl::as_text(text); }

}  // namespace

TemporaryKeys::TemporaryKeys(SessionState saved, tl::Random& random) : permanent(std::move(saved)) {
  while (permanent.session.value() == 0) permanent.session = SessionId(random.word());
}

const AuthKey* TemporaryKeys::find(AuthKeyId id) const {
  if (binding && binding->key().key.id() == id) return &binding->key().key;
  const auto at = std::find_if(earlier.begin(), earlier.end(),
                               [&](const auto& it) { return it.key.id() == id; });
  return at == earlier.end() ? nullptr : &at->key;
}

// --- making ---

void Session::State::connect_temporary() {
  auto& keys = *temporary;
  keys.earlier.clear();
  if (keys.unbound) keys.binding.reset();
  if (keys.current && (keys.unbound || now >= keys.current->dies_at)) drop_temporary_key();
  if (keys.binding && now >= keys.binding->key().dies_at) keys.binding.reset();
  if (keys.binding) keys.binding->restart(now);
  if (keys.current) return become_ready();
  if (keys.binding) return;
  start_temporary_key();
  events.push_back(KeyExchangeBegun{});
}

// Or the permanent one, where there is none yet.
void Session::State::start_temporary_key() {
  if (!temporary->permanent.key) return start_exchange({});
  const auto most = std::chrono::floor<seconds>(options.temporary_lifetime).count();
  const auto jitter = random.word() % static_cast<std::uint64_t>(most / 24 + 1);
  start_exchange(static_cast<std::int32_t>(most - static_cast<std::int64_t>(jitter)));
}

void Session::State::temporary_key_made(const FreshKey& fresh) {
  auto& keys = *temporary;
  events.push_back(KeyCreated{fresh.expires_in.has_value()});
  if (!fresh.expires_in) {
    keys.permanent.key = fresh.key;
    keys.permanent.server_salt = fresh.server_salt;
    keys.permanent_made = now;
    return start_temporary_key();
  }
  const Duration lifetime = seconds{*fresh.expires_in};
  const auto made = std::chrono::floor<seconds>(fresh.server_time).time_since_epoch().count();
  const auto expires_at = static_cast<std::int32_t>(made) + *fresh.expires_in;
  const auto dies_at = now + lifetime - margin(lifetime);
  keys.binding.emplace(TemporaryKey{fresh.key, fresh.server_salt, expires_at,
                                    now + lifetime - ahead(lifetime), dies_at},
                       SessionId(random.word() | 1));
}

// The current key serves on; the next one is tried again later.
void Session::State::renewal_failed() {
  auto& keys = *temporary;
  link->exchange.reset();
  keys.binding.reset();
  if (!keys.current || keys.unbound) return fail(errc::binding_refused);
  const auto left = keys.current->dies_at - now;
  keys.current->renew_at = now + std::clamp<Duration>(left / 4, seconds{1}, longest_pause);
}

void Session::State::drop_temporary_key() {
  auto& keys = *temporary;
  keys.current.reset();
  keys.unbound = false;
  saved.key.reset();
}

// --- binding ---

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
  const auto name = refused ? error_name(refused->error_message) : std::string_view{};
  const bool key_unknown = name == "ENCRYPTED_MESSAGE_INVALID";
  const bool young = keys.permanent_made && now < *keys.permanent_made + spreads_for;
  const bool given_up = ++keys.refusals > (key_unknown && !young ? 1 : most_refusals);
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

// --- what the server has against it ---

bool Session::State::temporary_transport_error(std::int32_t code) {
  auto& keys = *temporary;
  if (code != key_not_found || (!keys.current && !keys.binding)) return false;
  if (link->ready && !keys.unbound && (link->exchange || keys.binding)) {
    // It may be said of either: the current key is tried.
    renewal_failed();
    link->want_ping = true;
    return true;
  }
  // Where the server has not said anything on this connection, it has taken nothing of it.
  if (keys.heard_on != link->number) {
    for (const auto request : pending.all()) {
      auto& it = *pending.find(request);
      if (it.stage == Pending::Stage::sent && it.link == link->number) pending.requeue(it);
    }
  }
  drop_temporary_key();
  keys.binding.reset();
  const bool given_up = ++keys.refusals > most_refusals;
  fail(given_up ? errc::binding_refused : errc::temporary_key_unknown, code);
  return true;
}

bool Session::State::says_unbound(Pending& request, ByteView answer) {
  auto& keys = *temporary;
  const auto error = read_service<RpcError>(answer);
  if (!error || error_name(error->error_message) != "AUTH_KEY_PERM_EMPTY") {
    keys.refusals = 0;
    return false;
  }
  if (++request.repairs > most_refusals) return false;
  pending.requeue(request);
  if (request.session != saved.session) return true;  // said of the key before
  keys.unbound = true;
  if (keys.binding || link->exchange) return true;
  keys.renewal_ends = now + renewal_patience;
  if (++keys.refusals > most_refusals) {
    fail(errc::binding_refused);
  } else if (keys.current) {
    keys.binding.emplace(*keys.current, SessionId(random.word() | 1));
  }
  return true;
}

// --- time ---

void Session::State::tick_temporary() {
  auto& keys = *temporary;
  std::erase_if(keys.earlier, [&](const auto& it) { return now >= it.dies_at; });
  if (keys.binding && keys.binding->hopeless(now)) {
    if (link->ready) return renewal_failed();
    return fail(boost::system::errc::make_error_code(boost::system::errc::timed_out));
  }
  if (!link->ready || !keys.current) return;
  if (now >= keys.current->dies_at && !paused) {
    drop_temporary_key();
    return fail(errc::temporary_key_expired);
  }
  if (link->exchange || keys.binding) {
    if (now >= keys.renewal_ends) renewal_failed();
    return;
  }
  if (now < keys.current->renew_at) return;
  // The next session can't be asked about what this one has to find out yet.
  for (const auto request : pending.all()) {
    if (pending.find(request)->stage != Pending::Stage::asked) continue;
    keys.current->renew_at = now + seconds{1};
    return;
  }
  keys.renewal_ends = now + renewal_patience;
  start_temporary_key();
}

std::optional<Time> Session::State::temporary_deadline() const {
  const auto& keys = *temporary;
  std::optional<Time> out;
  const auto at = [&](Time time) { out = std::min(out.value_or(time), time); };
  if (keys.binding) at(keys.binding->due());
  if (!link->ready || !keys.current) return out;
  if (!paused) at(keys.current->dies_at);
  at(link->exchange || keys.binding ? keys.renewal_ends : keys.current->renew_at);
  return out;
}

}  // namespace mtproto
