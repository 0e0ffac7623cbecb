#include "server/account/dc_connections.hpp"

#include <utility>

namespace server::account {

using upstream::UpstreamFailure;
using upstream::UpstreamHandle;

std::shared_ptr<const upstream::UpstreamSettings> upstream_settings(const AccountServices& services,
                                                                    const DcSettings& settings,
                                                                    mtproto::DcId dc) {
  upstream::UpstreamSettings out;
  out.telegram = settings.telegram;
  out.dc = dc;
  out.transport = settings.transport;
  out.proxy = settings.proxy;
  out.connect_timeout = services.connect_timeout;
  out.pfs = settings.pfs;
  out.traffic = services.counters == nullptr ? nullptr : &services.counters->telegram;
  out.network = services.network;
  out.memory = &services.memory;
  out.session = std::make_shared<const mtproto::SessionOptions>(out.session_options());
  return std::make_shared<const upstream::UpstreamSettings>(std::move(out));
}

// One of them: says from which data centre it is what its port tells.
class DcConnections::Connection final : public upstream::UpstreamCallbacks {
 public:
  Connection(DcUser& user, mtproto::DcId dc) : user_(user), dc_(dc) {}
  ~Connection() override { close(); }

  void close() {
    if (port) port->close();
    port.reset();
  }

  void on_connecting() override {
    ready_ = false;
    user_.on_connecting(dc_);
  }
  void on_key_exchange() override { user_.on_key_exchange(dc_); }
  void on_ready() override { user_.on_ready(dc_, std::exchange(ready_, true)); }
  void on_answer(mtproto::RequestId id, tl::Slice body) override {
    user_.on_answer(dc_, id, std::move(body));
  }
  void on_written(mtproto::RequestId id) override { user_.on_written(dc_, id); }
  void on_lost(mtproto::RequestId id) override { user_.on_lost(dc_, id); }
  void on_refused(mtproto::RequestId id, boost::system::error_code why) override {
    user_.on_refused(dc_, id, why);
  }
  void on_down(const UpstreamFailure& why) override {
    failure = std::make_unique<const UpstreamFailure>(why);
    user_.on_down(dc_, why);
  }
  // What is pushed elsewhere is nobody's.
  void on_pushed(tl::Slice body) override {
    if (dc_ == home_dc) user_.on_pushed(std::move(body));
  }
  void on_renewed() override {
    if (dc_ == home_dc) user_.on_renewed();
  }
  void on_changed() override { user_.on_changed(); }

  std::shared_ptr<UpstreamHandle> port;            // none: it will be made anew
  std::unique_ptr<const UpstreamFailure> failure;  // the last
  std::uint64_t used = 0;                          // when last, by order
  std::uint32_t serial = 0;

 private:
  DcUser& user_;
  const mtproto::DcId dc_;
  bool ready_ = false;
};

DcConnections::DcConnections(const AccountServices& services,
                             std::shared_ptr<const DcSettings> settings,
                             mtproto::SessionState state, HomeCaller& home_caller, DcUser& user)
    : services_(services),
      settings_(std::move(settings)),
      saved_(std::make_unique<mtproto::SessionState>(std::move(state))),
      home_caller_(home_caller),
      user_(user) {}

DcConnections::~DcConnections() { close(); }

const mtproto::SessionState& DcConnections::state() const {
  return home_ && home_->port ? home_->port->state() : *saved_;
}

mtproto::UnixTime DcConnections::server_time() const {
  return home_ && home_->port ? home_->port->server_time() : upstream::wall_time();
}

DcConnections::Connection* DcConnections::find(mtproto::DcId dc) const {
  if (dc == home_dc) return home_.get();
  const auto found = secondary_.find(dc);
  return found == secondary_.end() ? nullptr : found->second.get();
}

UpstreamHandle* DcConnections::port(mtproto::DcId dc) const {
  const auto* one = find(dc);
  return one == nullptr ? nullptr : one->port.get();
}

const UpstreamFailure* DcConnections::last_failure(mtproto::DcId dc) const {
  const auto* one = find(dc);
  return one == nullptr ? nullptr : one->failure.get();
}

std::uint32_t DcConnections::serial(mtproto::DcId dc) const {
  const auto* one = find(dc);
  return one == nullptr ? 0 : one->serial;
}

DcConnections::Reach DcConnections::reach(mtproto::DcId dc,
                                          const std::function<bool(mtproto::DcId)>& in_use) {
  if (closed_) return Reach::unknown_dc;
  if (dc == home_dc) {
    if (home_ && home_->port) return Reach::there;
    if (settings_->telegram->addresses(settings_->home).empty()) return Reach::unknown_dc;
    if (!home_) home_ = std::make_unique<Connection>(user_, home_dc);
    open_home(*home_);
    return Reach::there;
  }
  auto* one = find(dc);
  if (one == nullptr) {
    if (settings_->telegram->addresses(dc).empty()) return Reach::unknown_dc;
    if (secondary_.size() == most_secondary && !make_room(in_use)) return Reach::too_many;
    one = secondary_.put(dc, std::make_unique<Connection>(user_, dc)).get();
  }
  one->used = ++uses_;
  if (!one->port) open_secondary(*one, dc);
  return Reach::there;
}

// The one that was not used for longest and that nothing waits for.
bool DcConnections::make_room(const std::function<bool(mtproto::DcId)>& in_use) {
  auto oldest = secondary_.end();
  for (auto one = secondary_.begin(); one != secondary_.end(); ++one) {
    if (in_use(one->first)) continue;
    if (oldest == secondary_.end() || one->second->used < oldest->second->used) oldest = one;
  }
  if (oldest == secondary_.end()) return false;
  secondary_.erase(oldest);
  return true;
}

void DcConnections::open_home(Connection& home) {
  auto how = settings_->upstream ? settings_->upstream
                                 : upstream_settings(services_, *settings_, settings_->home);
  home.port = services_.connect(std::move(how), std::move(*saved_), home);
  saved_.reset();
  home.serial = ++made_;
  home.port->set_prefix(settings_->prefix);
  if (paused_) home.port->pause(true);
}

void DcConnections::open_secondary(Connection& one, mtproto::DcId dc) {
  SecondaryConnection::Settings how;
  how.dc = dc;
  how.schema = settings_->schema;
  how.make_upstream = [this, dc](mtproto::SessionState state, upstream::UpstreamCallbacks& user) {
    return services_.connect(upstream_settings(services_, *settings_, dc), std::move(state), user);
  };
  one.port =
      std::make_shared<SecondaryConnection>(services_.executor, std::move(how), home_caller_, one);
  one.serial = ++made_;
  one.port->set_prefix(settings_->prefix);
  if (paused_) one.port->pause(true);
}

void DcConnections::set_settings(std::shared_ptr<const DcSettings> settings) {
  if (settings_ == settings) return;
  settings_ = std::move(settings);
  if (home_) initialise(home_dc);
  for (const auto& [dc, one] : secondary_) initialise(dc);
}

void DcConnections::initialise(mtproto::DcId dc) {
  if (auto* one = port(dc)) one->set_prefix(settings_->prefix);
}

void DcConnections::pause(bool paused) {
  paused_ = paused;
  if (auto* home = port(home_dc)) home->pause(paused);
  for (const auto& [dc, one] : secondary_) {
    if (one->port) one->port->pause(paused);
  }
}

void DcConnections::drop(mtproto::DcId dc, const UpstreamFailure& failure) {
  auto* one = find(dc);
  if (one == nullptr || !one->port || !failure.final) return;
  if (dc == home_dc) save();
  one->close();
}

void DcConnections::save() {
  saved_ = std::make_unique<mtproto::SessionState>(home_->port->state());
}

void DcConnections::close_secondary() { secondary_.clear(); }

void DcConnections::close() {
  closed_ = true;
  if (home_ && home_->port) {
    save();
    home_->close();
  }
  secondary_.clear();
}

}  // namespace server::account
