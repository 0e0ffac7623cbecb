#include "mtproto/session/temporary_binding.hpp"

#include <algorithm>
#include <utility>

#include "mtproto/message/service_rpc.hpp"
#include "mtproto/session/draw_session_id.hpp"

namespace mtproto {
namespace {

using std::chrono::seconds;
using Order = TemporaryBinding::Order;
using Kind = Order::Kind;

constexpr std::uint32_t bool_true = 0x997275b5;
constexpr std::int32_t key_not_found = -404;
constexpr Duration renewal_patience = seconds{60};
constexpr Duration longest_pause = std::chrono::minutes{5};
// A permanent key takes its time to reach all servers of a data centre.
constexpr Duration spreads_for = seconds{60};

// A while before the end: the clocks of both sides differ, and answers take time.
Duration margin(Duration lifetime) { return std::min(Duration(seconds{10}), lifetime / 20); }
Duration ahead(Duration lifetime) {
  return std::min(Duration(std::chrono::hours{1}), lifetime / 4);
}
Duration pause_after(int refusals) { return seconds{1} * (1 << std::min(refusals - 1, 4)); }

Order fail(boost::system::error_code why, std::int32_t transport_code = 0) {
  return {Kind::fail, {}, why, transport_code};
}

}  // namespace

TemporaryBinding::TemporaryBinding(SessionState permanent, Duration lifetime, tl::Random& random)
    : permanent_(std::move(permanent)), lifetime_(lifetime), random_(random) {
  if (permanent_.session.value() == 0) permanent_.session = draw_session_id(random_);
}

const AuthKey* TemporaryBinding::find(AuthKeyId id) const {
  if (current_ && current_->key.id() == id) return &current_->key;
  if (binding_ && binding_->key().key.id() == id) return &binding_->key().key;
  const auto at = std::find_if(earlier_.begin(), earlier_.end(),
                               [&](const auto& it) { return it.key.id() == id; });
  return at == earlier_.end() ? nullptr : &at->key;
}

// --- making ---

Order TemporaryBinding::connected(Time now) {
  making_ = false;
  serving_ = false;
  heard_ = false;
  earlier_.clear();
  if (unbound_) binding_.reset();
  if (current_ && (unbound_ || now >= current_->dies_at)) drop();
  if (binding_ && now >= binding_->key().dies_at) binding_.reset();
  if (binding_) binding_->restart(now);
  if (current_) {
    serving_ = true;
    return {Kind::serve};
  }
  return binding_ ? Order{} : make_key();
}

// Or the permanent one, where there is none yet.
Order TemporaryBinding::make_key() {
  making_ = true;
  if (!permanent_.key) return {Kind::make_key};
  const auto most = std::chrono::floor<seconds>(lifetime_).count();
  const auto jitter = random_.word() % static_cast<std::uint64_t>(most / 24 + 1);
  return {Kind::make_key, static_cast<std::int32_t>(most - static_cast<std::int64_t>(jitter))};
}

Order TemporaryBinding::key_made(const FreshKey& fresh, Time now) {
  making_ = false;
  if (!fresh.expires_in) {
    permanent_.key = fresh.key;
    permanent_.server_salt = fresh.server_salt;
    permanent_made_ = now;
    return make_key();
  }
  const Duration lifetime = seconds{*fresh.expires_in};
  const auto made = std::chrono::floor<seconds>(fresh.server_time).time_since_epoch().count();
  const auto expires_at = static_cast<std::int32_t>(made) + *fresh.expires_in;
  bind({fresh.key, fresh.server_salt, expires_at, now + lifetime - ahead(lifetime),
        now + lifetime - margin(lifetime)});
  return {};
}

void TemporaryBinding::bind(TemporaryKey key) {
  binding_.emplace(std::move(key), draw_session_id(random_));
}

Order TemporaryBinding::renew(Time now) {
  renewal_ends_ = now + renewal_patience;
  return make_key();
}

void TemporaryBinding::put_off(Time now) { current_->renew_at = now + seconds{1}; }

Order TemporaryBinding::renewal_failed(Time now) {
  making_ = false;
  binding_.reset();
  if (!current_ || unbound_) return fail(errc::binding_refused);
  const auto left = current_->dies_at - now;
  current_->renew_at = now + std::clamp<Duration>(left / 4, seconds{1}, longest_pause);
  return {};
}

void TemporaryBinding::drop() {
  current_.reset();
  unbound_ = false;
}

// --- binding ---

std::optional<Bytes> TemporaryBinding::write(UnixTime server_time, Time now) {
  if (!binding_) return {};
  return binding_->write(*permanent_.key, server_time, now, random_);
}

std::optional<Order> TemporaryBinding::heard(const Incoming& incoming, ServerClock& clock,
                                             Time now) {
  heard_ = true;
  if (!binding_ || incoming.key != binding_->key().key.id()) return {};
  // One that is bound again has a second session.
  const bool again = current_ && current_->key.id() == incoming.key;
  if (again && incoming.head.session != binding_->session()) return {};
  const auto answer = binding_->heard(incoming, clock, now, random_);
  if (!answer) return Order{};
  if (tl::Reader(*answer).peek() == bool_true) return Order{Kind::go_over};
  return refused(*answer, now);
}

Order TemporaryBinding::refused(ByteView answer, Time now) {
  const auto error = read_service<RpcError>(answer);
  const auto name = error ? tl::as_text(error->error_message) : std::string_view{};
  const bool key_unknown = name == "ENCRYPTED_MESSAGE_INVALID";
  const bool young = permanent_made_ && now < *permanent_made_ + spreads_for;
  const bool failed_for_good = ++refusals_ > (key_unknown && !young ? 1 : most_refusals);
  if (failed_for_good) {
    if (current_ && !unbound_) return renewal_failed(now);
    return fail(key_unknown ? errc::permanent_key_refused : errc::binding_refused);
  }
  const bool later =
      error && (error->error_code == 500 || error->error_code < 0 || error->error_code == 420);
  if (key_unknown || later) {
    binding_->again(now + pause_after(refusals_));
    return {};
  }
  // EXPIRES_AT_INVALID, TEMP_AUTH_KEY_…: of no more use.
  binding_.reset();
  if (unbound_) drop();
  return make_key();
}

Binding TemporaryBinding::go_over() {
  auto bound = std::move(*binding_);
  binding_.reset();
  if (serving_ && current_ && current_->key.id() != bound.key().key.id()) {
    earlier_.push_back(std::move(*current_));
  }
  current_ = bound.key();
  unbound_ = false;
  serving_ = true;
  ++adopted_;
  return bound;
}

// --- what the server has against the key in use ---

Order TemporaryBinding::disowned(Time now) {
  unbound_ = true;
  if (binding_ || making_) return {};
  renewal_ends_ = now + renewal_patience;
  if (++refusals_ > most_refusals) return fail(errc::binding_refused);
  if (current_) bind(*current_);
  return {};
}

std::optional<Order> TemporaryBinding::unknown(Time now) {
  if (!current_ && !binding_) return {};
  // It may be said of either: the current key is tried.
  if (serving_ && !unbound_ && (making_ || binding_)) return renewal_failed(now);
  drop();
  binding_.reset();
  const bool failed_for_good = ++refusals_ > most_refusals;
  return fail(failed_for_good ? errc::binding_refused : errc::temporary_key_unknown, key_not_found);
}

// --- time ---

Order TemporaryBinding::tick(Time now, bool paused) {
  std::erase_if(earlier_, [&](const auto& it) { return now >= it.dies_at; });
  if (binding_ && binding_->exhausted(now)) {
    if (serving_) return renewal_failed(now);
    return fail(boost::system::errc::make_error_code(boost::system::errc::timed_out));
  }
  if (!serving_ || !current_) return {};
  if (now >= current_->dies_at && !paused) {
    drop();
    return fail(errc::temporary_key_expired);
  }
  if (making_ || binding_) return now >= renewal_ends_ ? renewal_failed(now) : Order{};
  return now >= current_->renew_at ? Order{Kind::renew} : Order{};
}

std::optional<Time> TemporaryBinding::deadline(bool paused) const {
  std::optional<Time> out;
  const auto at = [&](Time time) { out = std::min(out.value_or(time), time); };
  if (binding_) at(binding_->due());
  if (!serving_ || !current_) return out;
  if (!paused) at(current_->dies_at);
  at(making_ || binding_ ? renewal_ends_ : current_->renew_at);
  return out;
}

}  // namespace mtproto
