// What a Signin remembers between steps, and what of the step under way.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

#include "mtproto/crypto/secret.hpp"
#include "server/account/migration.hpp"
#include "server/account/signin.hpp"
#include "server/account/signin_step.hpp"
#include "tl/random.hpp"
#include "tl/value.hpp"

namespace server::account {

// A sign-in follows an account to its data centre so often and no more.
inline constexpr int max_moves = 3;

enum class Place : std::uint8_t { start, code, password, email, sign_up, qr, payment, other, done };

std::string_view place_name(Place);

// A value that outlives the arena it was made in.
class KeptValue {
 public:
  KeptValue() = default;
  void keep(const tl::Value& value) {
    // The old one may be part of the new.
    auto arena = std::make_unique<std::pmr::monotonic_buffer_resource>(512);
    value_ = tl::Builder(*arena).copy(value);
    arena_ = std::move(arena);
  }
  const tl::Value& value() const { return value_; }

 private:
  std::unique_ptr<std::pmr::monotonic_buffer_resource> arena_;
  tl::Value value_;
};

// How the code that we wait for goes back to Telegram.
enum class CodeBy : std::uint8_t {
  phone,
  email,         // auth.signIn with email_verification
  email_set_up,  // account.verifyEmail
};

// What the call under way asked.
enum class Asked : std::uint8_t {
  self,
  send_code,
  sign_in,  // anything that auth.authorization answers
  password_for_check,
  check_password,
  password_for_hint,
  email_code,
  verify_email,
  recovery_code,
  login_token,   // auth.exportLoginToken
  import_token,  // its continuation in another data centre
  cancel,
  sign_out,
  reset_password,
};

struct Running {
  Asked asked = Asked::self;
  tl::Value call;  // in the step's arena; said again after a Move
  std::string phone;
  std::string phone_code_hash;
  CodeBy by = CodeBy::phone;
  mtproto::SecretBytes password;
  tl::Value token_call;            // auth.exportLoginToken, in a step that is about scanning
  std::optional<tl::Member> told;  // in the reply to this step, and not kept
  bool resets_password = false;    // once it is known that somebody is signed in
  int moves = 0;
  bool asked_password_again = false;
  bool asked_token_again = false;
};

struct Signin::State {
  explicit State(tl::Random& source) : random(source) {}

  // --- a step begins ---
  Action begin(Step&& step, const SigninContext&, tl::Arena&);
  Action ask(Asked, const tl::Value& call);
  Action ask_self(tl::Arena&);
  Action ask_code(const Step&, const SigninContext&, tl::Arena&);
  Action enter_code(const Step&, tl::Arena&);
  Action check_email(const Step&, tl::Arena&);
  Action sign_up(const Step&, tl::Arena&);
  Action ask_password(Asked, tl::Arena&);
  Action reset_email(const Step&, tl::Arena&);
  Action reset_password(bool maybe, tl::Arena&);
  Action check_paid(const Step&, tl::Arena&);
  Action bot(const Step&, const SigninContext&, tl::Arena&);
  std::optional<Refusal> prepare_token(const SigninContext&, tl::Arena&);
  // Takes phone and hash from the step or from what is known; false where there is none for a step
  // that wants to be in `wanted`.
  bool use_code(const Step&, Place wanted);
  Refusal refuse(std::string text) const;
  static Refusal no_application();

  // --- what Telegram said ---
  Action answered(const tl::Value& answer, tl::Arena&);
  Action on_error(const RpcError&, const tl::Value& answer, tl::Arena&);
  Action on_code(const tl::Value& sent_code, tl::Arena&);
  Action on_authorization(const tl::Value& answer, tl::Arena&);
  Action on_password(const tl::Value& answer, tl::Arena&);
  Action on_self(const tl::Value& answer, tl::Arena&);
  Action on_email(const tl::Value& answer, tl::Arena&);
  Action on_recovery(const tl::Value& answer, tl::Arena&);
  Action on_token(const tl::Value& answer, tl::Arena&);
  Action on_token_error(const RpcError&, const tl::Value& answer, tl::Arena&);

  // --- where we are then ---
  void enter(Place, std::optional<tl::Value> members = std::nullopt);
  // The step's number and hash are ours from now on; what a reply shows of them.
  tl::Value take_code(tl::Arena&);
  Action other(const tl::Value& object, tl::Arena&);
  Action pay(const tl::Value& sent_code, const tl::Value& head, tl::Arena&);
  // Signed in. `authorization`: auth.authorization, or null where that was so before.
  void become(const tl::Value& user, tl::Arena&, const tl::Value& authorization = {});
  // The step is over.
  Action reply(tl::Arena&, const tl::Value* error = nullptr);

  tl::Random& random;
  Place place = Place::start;
  std::string phone;
  std::string phone_code_hash;
  CodeBy by = CodeBy::phone;
  KeptValue members;  // of the reply, beside `state`
  std::optional<std::int64_t> user_id;
  std::optional<std::int64_t> token_expires;  // of the token that is shown
  bool scanned = false;                       // a code was, and that led to where we are
  std::optional<Running> running;
};

}  // namespace server::account
