// One link of SharedLinks, and the ends of it that its users hold. Included by what implements
// SharedLinks, and by nobody else.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/home_visit.hpp"
#include "server/live_sessions.hpp"
#include "server/shared_links.hpp"

namespace server {

class SharedLinks::Shared final : public upstream::LinkUser,
                                  public std::enable_shared_from_this<Shared> {
 public:
  Shared(SharedLinks& all, upstream::LinkSettings settings, const mtproto::SessionState& state,
         tl::Bytes prefix);
  Shared(SharedLinks& all, Beside beside, const mtproto::SessionState& home, tl::Bytes prefix);
  ~Shared() override { release(); }

  bool is(const upstream::LinkSettings& settings, const mtproto::AuthKey& key,
          const tl::Bytes& prefix, bool beside) const;
  bool is_beside(const mtproto::AuthKey& key) const { return home_ && same_key(key); }
  bool idle() const { return ports_.empty(); }
  upstream::LinkPort& link() { return *link_; }

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
  // Those who use it are not told.
  void close() {
    timer_.cancel();
    link_->close();
    release();
    all_ = nullptr;
  }
  // They are told that there is no use in it any more.
  void end(std::string reason);

 private:
  void on_connecting() override;
  void on_key_exchange() override;
  void on_ready() override;
  void on_answer(mtproto::RequestId id, tl::Slice body) override;
  void on_written(mtproto::RequestId id) override;
  void on_lost(mtproto::RequestId id) override;
  void on_refused(mtproto::RequestId id, boost::system::error_code why) override;
  void on_pushed(tl::Slice) override {}
  void on_down(const upstream::LinkFailure& failure) override;
  void on_changed() override;

  bool same_key(const mtproto::AuthKey& key) const;
  Port* take_owner(mtproto::RequestId id);
  template <class Tell>
  void tell_all(Tell tell);
  void release();

  SharedLinks* all_;  // none: closed
  LiveSessions& live_;
  const mtproto::AuthKey key_;  // at home
  const upstream::LinkSettings settings_;
  const tl::Bytes prefix_;
  boost::asio::steady_timer timer_;
  std::vector<Port*> ports_;
  std::unordered_map<std::uint64_t, Port*> owners_;
  std::optional<LiveSessions::Name> claimed_;
  std::unique_ptr<HomeVisit> home_;  // none: this is at home itself
  std::shared_ptr<upstream::LinkPort> link_;
};

class SharedLinks::Port final : public upstream::LinkPort {
 public:
  Port(std::shared_ptr<Shared> shared, upstream::LinkUser& user)
      : shared_(std::move(shared)), user_(&user) {
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

  upstream::LinkUser* user() const { return user_; }

 private:
  void leave() {
    if (std::exchange(user_, nullptr) != nullptr) shared_->leave(*this);
  }

  std::shared_ptr<Shared> shared_;
  upstream::LinkUser* user_;  // none: it has left
};

}  // namespace server
