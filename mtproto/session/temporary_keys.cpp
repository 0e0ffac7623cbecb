// How temporary keys are made, renewed ahead of their end, and what the server may have against
// them.
#include "mtproto/session/temporary_keys.hpp"

#include <algorithm>

#include "mtproto/message/service_rpc.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

using std::chrono::seconds;

constexpr std::int32_t key_not_found = -404;
constexpr Duration renewal_patience = seconds{60};
constexpr Duration longest_pause = std::chrono::minutes{5};

// A while before the end: the clocks of both sides differ, and answers take time.
Duration margin(Duration lifetime) { return std::min(Duration(seconds{10}), lifetime / 20); }
Duration ahead(Duration lifetime) {
  return std::min(Duration(std::chrono::hours{1}), lifetime / 4);
}

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

// --- what the server has against it ---

bool Session::State::temporary_transport_error(std::int32_t code) {
  auto& keys = *temporary;
  if (code != key_not_found || (!keys.current && !keys.binding)) return false;
  if (link->ready && !keys.unbound && (link->exchange || keys.binding)) {
    // It may be said of either: the current key is tried.
    renewal_failed();
    silence.want_ping();
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
  const bool given_up = ++keys.refusals > TemporaryKeys::most_refusals;
  fail(given_up ? errc::binding_refused : errc::temporary_key_unknown, code);
  return true;
}

bool Session::State::says_unbound(Pending& request, ByteView answer) {
  auto& keys = *temporary;
  const auto error = read_service<RpcError>(answer);
  if (!error || tl::as_text(error->error_message) != "AUTH_KEY_PERM_EMPTY") {
    keys.refusals = 0;
    if (keys.introduction != request.request) return false;
    pending.erase(request.request);
    keys.introduction.reset();
    return true;
  }
  if (++request.repairs > TemporaryKeys::most_refusals) return false;
  pending.requeue(request);
  if (request.session != saved.session) return true;  // said of the key before
  keys.unbound = true;
  if (keys.binding || link->exchange) return true;
  keys.renewal_ends = now + renewal_patience;
  if (++keys.refusals > TemporaryKeys::most_refusals) {
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
  if (now >= keys.current->dies_at && !silence.paused()) {
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
  if (!silence.paused()) at(keys.current->dies_at);
  at(link->exchange || keys.binding ? keys.renewal_ends : keys.current->renew_at);
  return out;
}

}  // namespace mtproto
