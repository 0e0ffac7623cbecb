// Keeps the QR code of a sign-in fresh while a client shows it: asks for another before it runs
// out, as soon as it was scanned, and when the connection is there again, as it may have been
// scanned meanwhile. Calls SigninDriver; what comes of it is pushed. Time is an argument.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "server/account/signin_driver.hpp"
#include "server/config/options.hpp"

namespace server::account {

class QrRefresher final : private SigninUser {
 public:
  static constexpr std::chrono::seconds retry_after{10};  // after a failure

  class User {
   public:
    virtual ~User() = default;
    virtual Account& code_account() const = 0;
    virtual AppIdentity code_app() const = 0;
    virtual tl::Notation code_notation() const = 0;
    virtual Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) = 0;
    // `signin`: the object that the client is to hear, as JSON text.
    virtual void on_code(std::string_view signin) = 0;
    // What waited for it may go on.
    virtual void on_refreshed(mtproto::Time now) = 0;
    virtual void on_due() = 0;  // deadline() may be sooner
  };

  // `pushes`: its client hears what is pushed. `timeout`: of a refresh.
  QrRefresher(SigninDriver& signin, MemoryMeter& memory, mtproto::Duration timeout, bool pushes,
              User& user)
      : signin_(signin), memory_(memory), timeout_(timeout), pushes_(pushes), user_(user) {}

  // A code is shown.
  bool shows() const { return pushes_ && signin_.code_expires().has_value(); }
  bool under_way() const { return arena_ != nullptr; }
  bool is_due(mtproto::Time now) const { return due_ && *due_ <= now; }
  std::optional<mtproto::Time> deadline() const { return under_way() ? deadline_ : due_; }
  void tick(mtproto::Time now);

  // It is due, and no other step is under way.
  void refresh(mtproto::Time now);
  // A step of the client's is over.
  void plan(mtproto::Time now);
  // True for what is the code's business alone.
  bool claims(tl::ByteView pushed) const;
  void on_scanned(mtproto::Time now);
  void on_dc(const DcChange&, mtproto::Time now);
  void stop() { due_.reset(); }

 private:
  void on_signin_over(SigninOutcome, mtproto::Time now) override;
  Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) override {
    return user_.on_signin_moves(dc, now);
  }
  void set_due(mtproto::Time at);

  SigninDriver& signin_;
  MemoryMeter& memory_;
  const mtproto::Duration timeout_;
  const bool pushes_;
  User& user_;
  std::unique_ptr<RequestArena> arena_;  // of the step that is under way
  std::optional<mtproto::Time> due_;     // when the next is to be asked for
  mtproto::Time deadline_{};
};

}  // namespace server::account
