// A client's own sign-in: what carries its steps out, and what keeps the code fresh that it shows.
// Most clients bring a session and never take a step: both are made for the first.
#pragma once

#include <memory>
#include <optional>

#include "server/account/qr_refresher.hpp"
#include "server/connection/connection_services.hpp"

namespace server {

class ClientSignin {
 public:
  // `pushes`: the client hears what is pushed.
  ClientSignin(const ConnectionServices& services, bool pushes, account::QrRefresher::User& user)
      : services_(services), user_(user), pushes_(pushes) {}

  account::SigninDriver& driver() {
    if (!parts_) parts_ = std::make_unique<Parts>(services_, pushes_, user_);
    return *parts_->driver;
  }

  bool under_way() const { return parts_ && parts_->driver->under_way(); }
  bool done() const { return parts_ && parts_->driver->done(); }
  // The step that is under way took `waited`.
  account::SigninOutcome late(mtproto::Duration waited) { return driver().late(waited); }
  void reset() {
    if (parts_) parts_->driver->reset();
  }
  void signed_out() {
    if (parts_) parts_->driver->signed_out();
  }
  void on_dc(const account::DcChange& change, mtproto::Time now) {
    if (!parts_) return;
    parts_->driver->on_dc(change, now);
    parts_->code.on_dc(change, now);
  }
  void close() {
    if (parts_) parts_->driver->close();
  }

  // --- the code ---
  bool refreshing() const { return parts_ && parts_->code.under_way(); }
  bool shows_code() const { return parts_ && parts_->code.shows(); }
  bool claims(tl::ByteView pushed) const { return parts_ && parts_->code.claims(pushed); }
  bool code_is_due(mtproto::Time now) const { return parts_ && parts_->code.is_due(now); }
  std::optional<mtproto::Time> deadline() const {
    return parts_ ? parts_->code.deadline() : std::nullopt;
  }
  void tick(mtproto::Time now) {
    if (parts_) parts_->code.tick(now);
  }
  void refresh_code(mtproto::Time now) { parts_->code.refresh(now); }  // which is due
  // A step of the client's is over.
  void plan_code(mtproto::Time now) {
    if (parts_) parts_->code.plan(now);
  }
  void on_scanned(mtproto::Time now) { parts_->code.on_scanned(now); }  // the code that is shown
  void stop_code() {
    if (parts_) parts_->code.stop();
  }

 private:
  struct Parts {
    Parts(const ConnectionServices& services, bool pushes, account::QrRefresher::User& user)
        : driver(std::make_shared<account::SigninDriver>(services.random, services.runner)),
          code(*driver, services.memory, services.rpc_timeout, pushes, user) {}
    std::shared_ptr<account::SigninDriver> driver;
    account::QrRefresher code;
  };

  const ConnectionServices& services_;
  account::QrRefresher::User& user_;
  std::unique_ptr<Parts> parts_;
  const bool pushes_;
};

}  // namespace server
