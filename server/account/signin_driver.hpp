// Carries out what the sign-in machine wants: calls, a move to another data centre, arithmetic.
// Owns the machine; a caller of CallTable; whoever began a step is told what came of it, once, and
// perhaps at once. One step at a time. Time is an argument.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/account/account.hpp"
#include "server/account/signin.hpp"
#include "server/protocol/failure.hpp"
#include "tl/shared_bytes.hpp"

namespace server::account {

// What a step came to: the object `signin` as JSON text, or why there is none.
struct SigninOutcome {
  std::string text;
  std::optional<Failure> failure;
  bool answered = false;  // by Telegram
  bool refused = false;   // … which would not have it
};

class SigninUser {
 public:
  virtual ~SigninUser() = default;
  virtual void on_signin_over(SigninOutcome, mtproto::Time now) = 0;
  // The account is to be a new one, in data centre `dc`. None: there is no such data centre.
  virtual Account* on_signin_moves(mtproto::DcId dc, mtproto::Time now) = 0;
};

class SigninDriver final : public Caller, public std::enable_shared_from_this<SigninDriver> {
 public:
  // A step that was read, and is not begun.
  struct Step {
    std::unique_ptr<Signin> fresh;  // none: it goes on where the last one stopped
    Action action;
    std::string_view recaptcha_token{};  // what its calls are to be sent with, or empty
    // Telegram is not asked anything.
    bool is_told_at_once() const { return std::holds_alternative<Reply>(action); }
  };

  // Both outlive it.
  SigninDriver(tl::Random& random, const upstream::WorkRunner& runner)
      : random_(random), runner_(runner) {}

  // `other_account`: the step is for another than the one that is used. `authorized_unknown` of the
  // context is whether there is a key. Values of the step live in `arena`.
  tl::Result<Step, Failure> read(const tl::Value& step, SigninContext, bool other_account,
                                 tl::Arena& arena);
  // `arena` must live until the step is over; its reply is in `notation`.
  void run(Step, Account&, tl::Arena& arena, tl::Notation notation, SigninUser&, mtproto::Time now);
  // Of the code that is shown.
  void refresh(const SigninContext&, Account&, tl::Arena& arena, tl::Notation notation, SigninUser&,
               mtproto::Time now);

  bool under_way() const { return step_ != nullptr; }
  // It took `waited`: the step has failed, and that is what it came to.
  SigninOutcome late(mtproto::Duration waited);

  std::string_view state() const { return machine_ ? machine_->state() : "start"; }
  bool done() const { return machine_ && machine_->state() == "done"; }
  // When the code that is shown runs out, in unix time.
  std::optional<std::int64_t> code_expires() const;
  // The code that is shown was scanned since it was asked for.
  bool scanned() const { return scanned_; }
  void on_scanned() { scanned_ = true; }

  // Another account is used from now on, of whom nothing is known.
  void reset();
  // The key opens nothing (any more): whoever was signed in may sign in again.
  void signed_out();
  // Nobody can sign in with it any more: a step begins with a new key. `reason` is told with the
  // state until then.
  void key_gone(std::string reason);
  // The state without a step, as the object `signin`.
  std::string state_text() const;
  void on_dc(const DcChange&, mtproto::Time now);
  // Nobody is told any more.
  void close();

  void on_outcome(std::uint64_t tag, CallOutcome, mtproto::Time now) override;

 private:
  // A step that is under way.
  struct Running {
    tl::Arena* arena;
    Account* account;
    SigninUser* user;
    tl::Notation notation;
    std::uint64_t number;  // the tag of its calls
    std::string_view recaptcha_token;
    tl::Encoding encoding{};
    tl::SharedBytes body{};  // kept to be sent again
    std::optional<CallId> call{};
    bool initialised = false;  // after CONNECTION_NOT_INITED, once a call
    bool moving = false;       // it waits for a key in another data centre
    bool unreached = false;    // a connection failed meanwhile
  };

  void apply(Action, mtproto::Time now);
  std::optional<Failure> call(const Call&, mtproto::Time now);
  std::optional<Failure> send(mtproto::Time now);
  std::optional<Failure> move(const Move&, mtproto::Time now);
  void compute(Compute);
  void reply(const Reply&, mtproto::Time now);
  void answered(tl::ByteView body, mtproto::Time now);
  void over(SigninOutcome, mtproto::Time now);
  void fail(Failure, mtproto::Time now);
  std::unique_ptr<Running> forget_step();
  std::string text(const tl::Value& signin) const;

  tl::Random& random_;
  const upstream::WorkRunner& runner_;
  std::unique_ptr<Signin> machine_;
  bool authorization_known_ = false;  // Telegram was asked, or told us
  bool scanned_ = false;
  std::string gone_reason_;  // why there is no key any more

  std::unique_ptr<Running> step_;  // none: no step is under way
  std::uint64_t steps_ = 0;
};

}  // namespace server::account
