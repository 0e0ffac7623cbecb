#include "server/shared_links.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <unordered_map>
#include <vector>

#include "server/live_sessions.hpp"

namespace server {

using boost::system::error_code;
using upstream::LinkUser;

namespace {

bool same(const mtproto::ClientTransport& a, const mtproto::ClientTransport& b) {
  return a.framing == b.framing && a.obfuscated == b.obfuscated && a.dc == b.dc &&
         a.proxy_secret == b.proxy_secret;
}

}  // namespace

class SharedLinks::Shared final : public LinkUser, public std::enable_shared_from_this<Shared> {
 public:
  Shared(SharedLinks& all, upstream::LinkSettings settings, mtproto::SessionState state,
         tl::Bytes prefix)
      : all_(&all),
        live_(all.live_),
        key_(*state.key),
        settings_(settings),
        prefix_(std::move(prefix)),
        timer_(all.executor_),
        link_(std::make_shared<upstream::Link>(all.executor_, std::move(settings), std::move(state),
                                               all.random_, all.pool_, *this)) {
    link_->set_prefix(prefix_);
  }
  ~Shared() override { release(); }

  bool is(const upstream::LinkSettings& settings, const mtproto::AuthKey& key,
          const tl::Bytes& prefix) const {
    const auto mine = key_.bytes();
    const auto theirs = key.bytes();
    return CRYPTO_memcmp(mine.data(), theirs.data(), mine.size()) == 0 &&
           settings_.telegram == settings.telegram && settings_.dc == settings.dc &&
           same(settings_.transport, settings.transport) && prefix_ == prefix;
  }
  bool idle() const { return ports_.empty(); }
  upstream::Link& link() { return *link_; }

  void enter(Port& port) {
    timer_.cancel();
    ports_.push_back(&port);
  }
  void leave(Port& port);
  mtproto::RequestId send(Port& port, tl::Bytes body, mtproto::SendOptions options) {
    const auto id = link_->send(std::move(body), std::move(options));
    owners_[id.value()] = &port;
    return id;
  }
  void forget(mtproto::RequestId id) {
    owners_.erase(id.value());
    link_->forget(id);
  }
  void close() {
    timer_.cancel();
    link_->close();
    release();
    all_ = nullptr;
  }

 private:
  void on_connecting() override;
  void on_key_exchange() override;
  void on_ready() override;
  void on_answer(mtproto::RequestId id, tl::Bytes body) override;
  void on_written(mtproto::RequestId id) override;
  void on_lost(mtproto::RequestId id) override;
  void on_refused(mtproto::RequestId id, error_code why) override;
  void on_pushed(tl::Bytes) override {}
  void on_down(const upstream::LinkFailure& failure) override;
  void on_changed() override;

  Port* take_owner(mtproto::RequestId id);
  template <class Tell>
  void tell_all(Tell tell);
  void release();

  SharedLinks* all_;  // none: closed
  LiveSessions& live_;
  const mtproto::AuthKey key_;
  const upstream::LinkSettings settings_;
  const tl::Bytes prefix_;
  boost::asio::steady_timer timer_;
  std::vector<Port*> ports_;
  std::unordered_map<std::uint64_t, Port*> owners_;
  std::optional<LiveSessions::Name> claimed_;
  std::shared_ptr<upstream::Link> link_;
};

class SharedLinks::Port final : public upstream::LinkPort {
 public:
  Port(std::shared_ptr<Shared> shared, LinkUser& user) : shared_(std::move(shared)), user_(&user) {
    shared_->enter(*this);
  }
  ~Port() override { leave(); }

  void open() override { shared_->link().open(); }
  void close() override { leave(); }
  void set_prefix(tl::Bytes) override {}  // it was joined by its prefix
  mtproto::RequestId send(tl::Bytes body, mtproto::SendOptions options) override {
    return shared_->send(*this, std::move(body), std::move(options));
  }
  void forget(mtproto::RequestId id) override { shared_->forget(id); }
  void pause(bool) override {}  // the others read
  bool ready() const override { return shared_->link().ready(); }
  mtproto::DcId dc() const override { return shared_->link().dc(); }
  mtproto::UnixTime server_time() const override { return shared_->link().server_time(); }
  const mtproto::SessionState& state() const override { return shared_->link().state(); }

  LinkUser* user() const { return user_; }

 private:
  void leave() {
    if (std::exchange(user_, nullptr) != nullptr) shared_->leave(*this);
  }

  std::shared_ptr<Shared> shared_;
  LinkUser* user_;  // none: it has left
};

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

// Whoever is told may leave, and take others along.
template <class Tell>
void SharedLinks::Shared::tell_all(Tell tell) {
  const auto self = shared_from_this();
  const auto ports = ports_;
  for (auto* port : ports) {
    if (std::ranges::find(ports_, port) != ports_.end()) tell(*port->user());
  }
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

void SharedLinks::Shared::on_answer(mtproto::RequestId id, tl::Bytes body) {
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

SharedLinks::SharedLinks(boost::asio::any_io_executor executor, tl::Random& random,
                         upstream::WorkPool& pool, LiveSessions& live)
    : executor_(std::move(executor)), random_(random), pool_(pool), live_(live) {}

SharedLinks::~SharedLinks() { close(); }

std::shared_ptr<upstream::LinkPort> SharedLinks::join(upstream::LinkSettings settings,
                                                      const mtproto::SessionState& state,
                                                      tl::Bytes prefix, LinkUser& user) {
  for (const auto& shared : links_) {
    if (shared->is(settings, *state.key, prefix)) return std::make_shared<Port>(shared, user);
  }
  auto shared = std::make_shared<Shared>(*this, std::move(settings), state, std::move(prefix));
  links_.push_back(shared);
  return std::make_shared<Port>(std::move(shared), user);
}

void SharedLinks::forget(const Shared& gone) {
  std::erase_if(links_, [&](const auto& shared) { return shared.get() == &gone; });
}

// The longest unused one first: it was joined first, or nearly.
void SharedLinks::limit_idle() {
  const auto idle =
      std::ranges::count_if(links_, [](const auto& shared) { return shared->idle(); });
  if (static_cast<std::size_t>(idle) <= most_idle) return;
  const auto oldest =
      std::ranges::find_if(links_, [](const auto& shared) { return shared->idle(); });
  const auto gone = *oldest;
  gone->close();
  links_.erase(oldest);
}

void SharedLinks::close() {
  const auto links = std::exchange(links_, {});
  for (const auto& shared : links) shared->close();
}

}  // namespace server
