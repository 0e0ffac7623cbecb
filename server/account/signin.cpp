#include "server/account/signin.hpp"

#include <vector>

#include "server/account/password_check.hpp"
#include "server/account/signin_state.hpp"

namespace server::account {

namespace {

constexpr std::string_view no_api_id =
    "no api_id and api_hash are known; make them at https://my.telegram.org/apps and give them as "
    R"({"options":{"api_id":…,"api_hash":"…"}}, or to the gateway as --api-id and --api-hash, )"
    "or as TELEGRAM_API_ID and TELEGRAM_API_HASH in its environment";

using Kind = Step::Kind;

}  // namespace

std::string_view place_name(Place place) {
  switch (place) {
    case Place::start:
      return "start";
    case Place::code:
      return "code";
    case Place::password:
      return "password";
    case Place::email:
      return "email";
    case Place::sign_up:
      return "sign_up";
    case Place::qr:
      return "qr";
    case Place::payment:
      return "payment";
    case Place::other:
      return "other";
    case Place::done:
      return "done";
  }
  return "";
}

Signin::Signin(tl::Random& random) : state_(std::make_unique<State>(random)) {}
Signin::~Signin() = default;

Action Signin::begin(const tl::Value& step, const SigninContext& context, tl::Arena& arena) {
  state_->running.reset();
  auto read = read_step(step);
  if (!read) return Refusal{"TypeError", read.error().text, read.error().path};
  state_->running.emplace();
  auto action = state_->begin(std::move(*read), context, arena);
  if (std::holds_alternative<Refusal>(action)) state_->running.reset();
  return action;
}

Action Signin::refresh(const SigninContext& context, tl::Arena& arena) {
  state_->running.emplace();
  if (auto refusal = state_->prepare_token(context, arena)) {
    state_->running.reset();
    return std::move(*refusal);
  }
  return state_->ask(Asked::login_token, state_->running->token_call);
}

Action Signin::answered(const tl::Value& answer, tl::Arena& arena) {
  if (!state_->running) return state_->reply(arena);
  return state_->answered(answer, arena);
}

Action Signin::moved(tl::Arena& arena) {
  if (!state_->running) return state_->reply(arena);
  return Call{state_->running->call};
}

Action Signin::done(std::unique_ptr<mtproto::Work> work, tl::Arena& arena) {
  const auto* check = dynamic_cast<const PasswordCheck*>(work.get());
  if (!state_->running || check == nullptr) return state_->reply(arena);
  const auto question = check->question(arena);
  if (question) return state_->ask(Asked::check_password, *question);
  state_->running.reset();
  return state_->refuse("what Telegram sent for the password does not pass its checks");
}

void Signin::failed() { state_->running.reset(); }

std::string_view Signin::state() const { return place_name(state_->place); }

std::optional<std::int64_t> Signin::user_id() const { return state_->user_id; }

std::optional<std::int64_t> Signin::token_expires() const { return state_->token_expires; }

void Signin::reset() {
  auto& random = state_->random;
  state_ = std::make_unique<State>(random);
}

Refusal Signin::State::refuse(std::string text) const {
  return {"SigninError", std::move(text), ""};
}

Refusal Signin::State::no_application() {
  return {"SigninError", std::string(no_api_id), "/api_id"};
}

Action Signin::State::ask(Asked asked, const tl::Value& call) {
  running->asked = asked;
  running->call = call;
  return Call{call};
}

Action Signin::State::begin(Step&& step, const SigninContext& context, tl::Arena& arena) {
  const tl::Builder builder(arena);
  const bool signed_in_here = place == Place::done;
  // The key may be that of somebody signed in, or half signed in: this connection never asked.
  const bool maybe = place == Place::start && context.authorized_unknown;
  // Who has no pushes asks again and so hears what came of it.
  if (step.kind == Kind::qr && scanned) return reply(arena);
  const bool for_who_is_in =
      step.kind == Kind::where || step.kind == Kind::sign_out || step.kind == Kind::reset_password;
  if (signed_in_here && !for_who_is_in) {
    return refuse(R"(signed in already; {"signin":{"sign_out":true}} ends that)");
  }
  switch (step.kind) {
    case Kind::where:
      return maybe ? ask_self(arena) : reply(arena);
    case Kind::phone:
      return ask_code(step, context, arena);
    case Kind::code:
    case Kind::email_code:
      return enter_code(step, arena);
    case Kind::email:
      return check_email(step, arena);
    case Kind::sign_up:
      return sign_up(step, arena);
    case Kind::resend:
      if (!use_code(step, Place::code)) return refuse("there is no code to send again");
      return ask(Asked::send_code,
                 builder.object("auth.resendCode",
                                {{"phone_number", builder.string(running->phone)},
                                 {"phone_code_hash", builder.string(running->phone_code_hash)}}));
    case Kind::cancel:
      if (!use_code(step, Place::code)) {
        enter(Place::start);
        return reply(arena);
      }
      return ask(Asked::cancel,
                 builder.object("auth.cancelCode",
                                {{"phone_number", builder.string(running->phone)},
                                 {"phone_code_hash", builder.string(running->phone_code_hash)}}));
    case Kind::password:
      if (place != Place::password && !maybe) return refuse("no password is asked for now");
      running->password = mtproto::SecretBytes(tl::as_bytes(step.text));
      return ask_password(Asked::password_for_check, arena);
    case Kind::recover:
      if (place != Place::password && !maybe) return refuse("no password is asked for now");
      return ask(Asked::recovery_code, builder.object("auth.requestPasswordRecovery", {}));
    case Kind::recovery_code:
      if (place != Place::password && !maybe) return refuse("no password is asked for now");
      return ask(Asked::sign_in,
                 builder.object("auth.recoverPassword", {{"code", builder.string(step.typed)}}));
    case Kind::qr:
      if (auto refusal = prepare_token(context, arena)) return std::move(*refusal);
      return maybe ? ask_self(arena) : ask(Asked::login_token, running->token_call);
    case Kind::bot_token:
      return bot(step, context, arena);
    case Kind::reset_email:
      return reset_email(step, arena);
    case Kind::reset_password:
      return reset_password(maybe, arena);
    case Kind::paid:
      return check_paid(step, arena);
    case Kind::sign_out:
      if (place == Place::start && !maybe && context.kept) return reply(arena);
      if (place == Place::start && !maybe) return refuse("nobody is signed in");
      return ask(Asked::sign_out, builder.object("auth.logOut", {}));
  }
  return reply(arena);
}

Action Signin::State::ask_self(tl::Arena& arena) {
  const tl::Builder builder(arena);
  const auto self = builder.object("inputUserSelf", {});
  return ask(Asked::self, builder.object("users.getUsers", {{"id", builder.array({self})}}));
}

Action Signin::State::ask_code(const Step& step, const SigninContext& context, tl::Arena& arena) {
  if (context.api_id <= 0 || context.api_hash.empty()) {
    return no_application();
  }
  const tl::Builder builder(arena);
  running->phone = step.phone;
  auto settings = builder.object("codeSettings", {});
  if (!step.logout_tokens.empty()) {
    settings = builder.with(settings, {{"logout_tokens", builder.array(step.logout_tokens)}});
  }
  return ask(Asked::send_code,
             builder.object("auth.sendCode", {{"phone_number", builder.string(step.phone)},
                                              {"api_id", tl::Value::integer(context.api_id)},
                                              {"api_hash", builder.string(context.api_hash)},
                                              {"settings", settings}}));
}

Action Signin::State::bot(const Step& step, const SigninContext& context, tl::Arena& arena) {
  if (context.api_id <= 0 || context.api_hash.empty()) {
    return no_application();
  }
  const tl::Builder builder(arena);
  return ask(Asked::sign_in, builder.object("auth.importBotAuthorization",
                                            {{"flags", tl::Value::integer(0)},
                                             {"api_id", tl::Value::integer(context.api_id)},
                                             {"api_hash", builder.string(context.api_hash)},
                                             {"bot_auth_token", builder.string(step.typed)}}));
}

bool Signin::State::use_code(const Step& step, Place wanted) {
  if (!step.phone_code_hash.empty()) {
    running->phone = step.phone;
    running->phone_code_hash = step.phone_code_hash;
    // The same code as here, or another connection's, of which the step itself tells.
    running->by = step.phone_code_hash == phone_code_hash ? by : CodeBy::phone;
    return true;
  }
  const bool sent_perhaps = place == Place::other || place == Place::payment;
  const bool fits = place == wanted || (sent_perhaps && wanted == Place::code);
  if (!fits || phone_code_hash.empty()) return false;
  running->phone = phone;
  running->phone_code_hash = phone_code_hash;
  running->by = by;
  return true;
}

namespace {

// emailVerifyPurposeLoginSetup
tl::Value login_purpose(const Running& running, const tl::Builder& builder) {
  return builder.object("emailVerifyPurposeLoginSetup",
                        {{"phone_number", builder.string(running.phone)},
                         {"phone_code_hash", builder.string(running.phone_code_hash)}});
}

}  // namespace

Action Signin::State::enter_code(const Step& step, tl::Arena& arena) {
  if (!use_code(step, Place::code)) {
    return refuse(R"(no code was asked for; {"signin":{"phone":"…"}} asks for one)");
  }
  const bool elsewhere = running->phone_code_hash != phone_code_hash;
  if (step.kind == Kind::email_code && running->by == CodeBy::phone) {
    if (!elsewhere) return refuse("the code was not sent by e-mail");
    running->by = CodeBy::email;
  }
  const tl::Builder builder(arena);
  const auto number = builder.string(running->phone);
  const auto hash = builder.string(running->phone_code_hash);
  const auto text = builder.string(step.typed);
  if (running->by == CodeBy::phone) {
    return ask(Asked::sign_in, builder.object("auth.signIn", {{"phone_number", number},
                                                              {"phone_code_hash", hash},
                                                              {"phone_code", text}}));
  }
  const auto verification = builder.object("emailVerificationCode", {{"code", text}});
  if (running->by == CodeBy::email_set_up) {
    return ask(Asked::verify_email,
               builder.object("account.verifyEmail", {{"purpose", login_purpose(*running, builder)},
                                                      {"verification", verification}}));
  }
  return ask(Asked::sign_in, builder.object("auth.signIn", {{"phone_number", number},
                                                            {"phone_code_hash", hash},
                                                            {"email_verification", verification}}));
}

Action Signin::State::check_email(const Step& step, tl::Arena& arena) {
  // A second address before the first one's code is a correction.
  const bool correction = place == Place::code && by == CodeBy::email_set_up;
  if (!use_code(step, correction ? Place::code : Place::email)) {
    return refuse("no e-mail address is asked for now");
  }
  const tl::Builder builder(arena);
  return ask(Asked::email_code, builder.object("account.sendVerifyEmailCode",
                                               {{"purpose", login_purpose(*running, builder)},
                                                {"email", builder.string(step.text)}}));
}

Action Signin::State::sign_up(const Step& step, tl::Arena& arena) {
  if (!use_code(step, Place::sign_up)) return refuse("signing up is not asked for now");
  const tl::Builder builder(arena);
  return ask(
      Asked::sign_in,
      builder.object("auth.signUp", {{"phone_number", builder.string(running->phone)},
                                     {"phone_code_hash", builder.string(running->phone_code_hash)},
                                     {"first_name", builder.string(step.first_name)},
                                     {"last_name", builder.string(step.last_name)}}));
}

Action Signin::State::ask_password(Asked asked, tl::Arena& arena) {
  return ask(asked, tl::Builder(arena).object("account.getPassword", {}));
}

}  // namespace server::account
