#include "server/shared_link.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace server {

using boost::system::error_code;
using upstream::LinkUser;

namespace {

bool same(const mtproto::ClientTransport& a, const mtproto::ClientTransport& b) {
  return a.framing == b.framing && a.obfuscated == b.obfuscated && a.dc == b.dc &&
         a.proxy_secret == b.proxy_secret;
}

bool same(const std::shared_ptr<const upstream::Proxy>& a,
          const std::shared_ptr<const upstream::Proxy>& b) {
  return a == b || (a && b && *a == *b);
}

}  // namespace

SharedLinks::Shared::Shared(SharedLinks& all, upstream::LinkSettings settings,
                            const mtproto::SessionState& state, tl::Bytes prefix)
    : all_(&all),
      live_(all.live_),
      key_(*state.key),
      settings_(std::move(settings)),
      prefix_(std::move(prefix)),
      timer_(all.executor_),
      link_(std::make_shared<upstream::Link>(all.executor_, settings_, state, all.random_,
                                             all.pool_, *this)) {
  link_->set_prefix(prefix_);
}

SharedLinks::Shared::Shared(SharedLinks& all, Beside beside, const mtproto::SessionState& home,
                            tl::Bytes prefix)
    : all_(&all),
      live_(all.live_),
      key_(*home.key),
      settings_(std::move(beside.there)),
      prefix_(std::move(prefix)),
      timer_(all.executor_) {
  mtproto::SessionState only_key;
  only_key.key = home.key;
  auto join = [links = &all, at = std::move(beside.home), only_key, around = prefix_](
                  LinkUser& user) { return links->join(at, only_key, around, user); };
  home_ = std::make_unique<HomeVisit>(std::move(join));
  SecondaryLink::Settings settings;
  settings.dc = settings_.dc;
  settings.schema = std::move(beside.schema);
  settings.make_link = [links = &all, there = settings_](mtproto::SessionState state,
                                                         LinkUser& user) {
    return std::make_shared<upstream::Link>(links->executor_, there, std::move(state),
                                            links->random_, links->pool_, user);
  };
  link_ = std::make_shared<SecondaryLink>(all.executor_, std::move(settings), *home_, *this);
  link_->set_prefix(prefix_);
}

bool SharedLinks::Shared::same_key(const mtproto::AuthKey& key) const {
  const auto mine = key_.bytes();
  const auto theirs = key.bytes();
  return CRYPTO_memcmp(mine.data(), theirs.data(), mine.size()) == 0;
}

bool SharedLinks::Shared::is(const upstream::LinkSettings& settings, const mtproto::AuthKey& key,
                             const tl::Bytes& prefix, bool beside) const {
  return same_key(key) && settings_.telegram == settings.telegram && settings_.dc == settings.dc &&
         settings_.pfs == settings.pfs && same(settings_.transport, settings.transport) &&
         same(settings_.proxy, settings.proxy) && prefix_ == prefix && (home_ != nullptr) == beside;
}

// Whoever is told may leave, and take others along.
template <class Tell>
void SharedLinks::Shared::tell_all(Tell tell) {
  const auto self = shared_from_this();
  const auto ports = ports_;
  for (auto* port : ports) {
    if (std::ranges::find(ports_, port) != ports_.end()) tell(*port->user());
  }
}

void SharedLinks::Shared::end(std::string reason) {
  const auto self = shared_from_this();
  close();
  upstream::LinkFailure failure;
  failure.reason = std::move(reason);
  failure.was_up = true;
  failure.final = true;
  tell_all([&](LinkUser& user) { user.on_down(failure); });
}

void SharedLinks::Shared::leave(Port& port) {
  std::erase(ports_, &port);
  std::erase_if(owners_, [&](const auto& owner) {
    if (owner.second != &port) return false;
    link_->forget(mtproto::RequestId(owner.first));
    return true;
  });
  if (!idle() || all_ == nullptr) return;
  timer_.expires_after(kept);
  timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!self || cancelled || !self->idle() || self->all_ == nullptr) return;
    auto* all = self->all_;
    self->close();
    all->forget(*self);
  });
  all_->limit_idle();
}

SharedLinks::Port* SharedLinks::Shared::take_owner(mtproto::RequestId id) {
  const auto found = owners_.find(id.value());
  if (found == owners_.end()) return nullptr;
  auto* port = found->second;
  owners_.erase(found);
  return port;
}

void SharedLinks::Shared::on_connecting() {
  tell_all([](LinkUser& user) { user.on_connecting(); });
}

void SharedLinks::Shared::on_key_exchange() {
  tell_all([](LinkUser& user) { user.on_key_exchange(); });
}

void SharedLinks::Shared::on_ready() {
  tell_all([](LinkUser& user) { user.on_ready(); });
}

void SharedLinks::Shared::on_answer(mtproto::RequestId id, tl::Slice body) {
  if (auto* port = take_owner(id)) port->user()->on_answer(id, std::move(body));
}

void SharedLinks::Shared::on_written(mtproto::RequestId id) {
  if (auto* port = take_owner(id)) port->user()->on_written(id);
}

void SharedLinks::Shared::on_lost(mtproto::RequestId id) {
  if (auto* port = take_owner(id)) port->user()->on_lost(id);
}

void SharedLinks::Shared::on_refused(mtproto::RequestId id, error_code why) {
  if (auto* port = take_owner(id)) port->user()->on_refused(id, why);
}

void SharedLinks::Shared::on_down(const upstream::LinkFailure& failure) {
  const auto self = shared_from_this();
  if (failure.final && all_ != nullptr) {  // nobody is to find it any more
    auto* all = all_;
    close();
    all->forget(*this);
  }
  tell_all([&](LinkUser& user) { user.on_down(failure); });
}

void SharedLinks::Shared::on_changed() {
  const auto& state = link_->state();
  std::optional<LiveSessions::Name> wanted;
  if (state.key) wanted = LiveSessions::Name{state.key->id(), state.session};
  if (wanted != claimed_) {
    release();
    if (wanted && live_.claim(*wanted)) claimed_ = wanted;
  }
  tell_all([](LinkUser& user) { user.on_changed(); });
}

void SharedLinks::Shared::release() {
  if (claimed_) live_.release(*claimed_);
  claimed_.reset();
}

}  // namespace server
