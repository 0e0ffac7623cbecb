// What Telegram's answers mean to a sign-in.
#include "server/account/password_check.hpp"
#include "server/account/sent_code.hpp"
#include "server/account/signin.hpp"
#include "server/account/signin_state.hpp"

namespace server::account {

namespace {

// Calls that belong to a person's home data centre before there is an authorization anywhere.
bool follows(Asked asked) {
  return asked == Asked::send_code || asked == Asked::sign_in || asked == Asked::email_code ||
         asked == Asked::verify_email || asked == Asked::login_token;
}

tl::Value named(std::string_view key, const tl::Value& value, tl::Arena& arena) {
  return tl::Builder(arena).object({{key, value}});
}

// Of auth.authorization and auth.loggedOut. A secret, so that it is not told again.
void tell_token(Running& running, const tl::Value& answer) {
  constexpr std::string_view name = "future_auth_token";
  if (const auto& token = answer[name]; !token.is_null()) running.told = {name, token};
}

// Steps that somebody else's scanning carried on.
bool by_scanning(const Running& running) { return !running.token_call.is_null(); }

}  // namespace

Action Signin::State::answered(const tl::Value& answer, tl::Arena& arena) {
  if (const auto error = rpc_error(answer)) return on_error(*error, answer, arena);
  switch (running->asked) {
    case Asked::self:
      return on_self(answer, arena);
    case Asked::send_code:
      return on_code(answer, arena);
    case Asked::sign_in:
    case Asked::check_password:
      return on_authorization(answer, arena);
    case Asked::password_for_check:
    case Asked::password_for_hint:
      return on_password(answer, arena);
    case Asked::email_code:
    case Asked::verify_email:
      return on_email(answer, arena);
    case Asked::recovery_code:
      return on_recovery(answer, arena);
    case Asked::login_token:
    case Asked::import_token:
      return on_token(answer, arena);
    case Asked::reset_password:
      running->told = {"reset_password", answer};
      return reply(arena);
    case Asked::sign_out:
      tell_token(*running, answer);
      [[fallthrough]];
    case Asked::cancel:
      enter(Place::start);
      return reply(arena);
  }
  return reply(arena);
}

Action Signin::State::on_error(const RpcError& error, const tl::Value& answer, tl::Arena& arena) {
  const auto asked = running->asked;
  const auto to = migration(error);
  if (to.kind == Migration::main && follows(asked) && running->moves < max_moves) {
    ++running->moves;
    return Move{to.dc};
  }
  // Who is not signed in need not sign out.
  if (asked == Asked::sign_out && error.code == 401) {
    enter(Place::start);
    return reply(arena);
  }
  if (error.message == "SESSION_PASSWORD_NEEDED" && asked != Asked::password_for_hint) {
    scanned = by_scanning(*running);
    // It holds even where the hint can't be had.
    enter(Place::password);
    return ask_password(Asked::password_for_hint, arena);
  }
  // Another attempt came between getPassword and checkPassword: the same password once more.
  const bool stale = error.message == "SRP_ID_INVALID" || error.message == "SRP_PASSWORD_CHANGED";
  if (stale && asked == Asked::check_password && !running->asked_password_again) {
    running->asked_password_again = true;
    return ask_password(Asked::password_for_check, arena);
  }
  if (error.message == "PHONE_NUMBER_UNOCCUPIED" && asked == Asked::sign_in) {
    return on_authorization(tl::Builder(arena).object("auth.authorizationSignUpRequired", {}),
                            arena);
  }
  if (signed_out(error)) {
    enter(Place::start);
    const bool told = asked == Asked::self && error.message == "AUTH_KEY_UNREGISTERED";
    if (told && by_scanning(*running)) return ask(Asked::login_token, running->token_call);
    return told ? reply(arena) : reply(arena, &answer);
  }
  if (asked == Asked::login_token || asked == Asked::import_token) {
    return on_token_error(error, answer, arena);
  }
  if (error.message == "PHONE_CODE_EXPIRED" || error.message == "AUTH_RESTART") {
    enter(Place::start);
  } else if (place == Place::start && asked == Asked::sign_in &&
             !running->phone_code_hash.empty()) {
    // Begun on another connection: we are where the step says that it was.
    const bool new_account = running->call.constructor() == "auth.signUp";
    enter(new_account ? Place::sign_up : Place::code, take_code(arena));
  }
  return reply(arena, &answer);
}

Action Signin::State::on_code(const tl::Value& answer, tl::Arena& arena) {
  if (answer.constructor() == "auth.sentCodeSuccess") {
    return on_authorization(answer["authorization"], arena);
  }
  const auto& hash = answer["phone_code_hash"];
  if (hash.is_string()) {
    phone = running->phone;
    phone_code_hash = hash.text();
  }
  const bool payment = answer.constructor() == "auth.sentCodePaymentRequired";
  if (answer.constructor() != "auth.sentCode" && !payment) return other(answer, arena);
  const tl::Builder builder(arena);
  const auto type = answer["type"].constructor();
  const auto head = builder.object(
      {{"phone", builder.string(phone)}, {"phone_code_hash", builder.string(phone_code_hash)}});
  if (payment) return pay(answer, head, arena);
  if (type == "auth.sentCodeTypeSetUpEmailRequired") {
    enter(Place::email, builder.with(head, {{"reason", builder.string("set_up_required")}}));
    return reply(arena);
  }
  by = type == "auth.sentCodeTypeEmailCode" ? CodeBy::email : CodeBy::phone;
  auto all = head;
  const auto described = describe_code(answer, arena);
  for (const auto& member : described.members()) {
    all = builder.with(all, {{member.key, member.value}});
  }
  enter(Place::code, all);
  return reply(arena);
}

// Telegram's own words, which change from layer to layer.
Action Signin::State::pay(const tl::Value& sent_code, const tl::Value& head, tl::Arena& arena) {
  auto shown = head;
  for (const auto& member : sent_code.members()) {
    if (member.key == "_cons" || member.key == "phone_code_hash") continue;
    shown = tl::Builder(arena).with(shown, {{member.key, member.value}});
  }
  by = CodeBy::phone;
  enter(Place::payment, shown);
  return reply(arena);
}

Action Signin::State::on_authorization(const tl::Value& answer, tl::Arena& arena) {
  if (answer.constructor() == "auth.authorization") {
    become(answer["user"], arena, answer);
    return reply(arena);
  }
  if (answer.constructor() != "auth.authorizationSignUpRequired") return other(answer, arena);
  auto shown = take_code(arena);
  if (const auto& terms = answer["terms_of_service"]; !terms.is_null()) {
    shown = tl::Builder(arena).with(shown, {{"terms", terms}});
  }
  enter(Place::sign_up, shown);
  return reply(arena);
}

Action Signin::State::on_password(const tl::Value& answer, tl::Arena& arena) {
  const bool check = running->asked == Asked::password_for_check;
  if (answer.constructor() != "account.password" || answer["current_algo"].is_null()) {
    return check ? other(answer, arena) : reply(arena);
  }
  const tl::Builder builder(arena);
  const auto& hint = answer["hint"];
  const auto recovery = answer["has_recovery"].as_bool();
  auto shown = builder.object({{"hint", hint.is_string() ? hint : builder.string("")},
                               {"has_recovery", tl::Value::boolean(recovery)}});
  if (const auto& date = answer["pending_reset_date"]; !date.is_null()) {
    shown = builder.with(shown, {{"pending_reset_date", date}});
  }
  if (const auto& pattern = members.value()["email_pattern"]; !pattern.is_null()) {
    shown = builder.with(shown, {{"email_pattern", pattern}});
  }
  enter(Place::password, shown);
  if (!check) return reply(arena);
  auto work = PasswordCheck::make(answer, running->password.bytes(), random);
  if (work) return Compute{std::move(work)};
  running.reset();
  return refuse("Telegram checks this password in a way that is not known here");
}

Action Signin::State::on_self(const tl::Value& answer, tl::Arena& arena) {
  const auto& list = answer.is_array() ? answer : answer["_items"];
  for (const auto& user : list.items()) {
    if (user.constructor() != "user") continue;
    scanned = by_scanning(*running);
    become(user, arena);
    return running->resets_password ? reset_password(false, arena) : reply(arena);
  }
  enter(Place::start);
  return list.is_array() ? reply(arena) : other(answer, arena);
}

Action Signin::State::on_email(const tl::Value& answer, tl::Arena& arena) {
  if (answer.constructor() == "account.emailVerifiedLogin") {
    return on_code(answer["sent_code"], arena);
  }
  if (answer.constructor() != "account.sentEmailCode") return other(answer, arena);
  phone = running->phone;
  phone_code_hash = running->phone_code_hash;
  by = CodeBy::email_set_up;
  const tl::Builder builder(arena);
  enter(Place::code, builder.object({{"phone", builder.string(phone)},
                                     {"phone_code_hash", builder.string(phone_code_hash)},
                                     {"type", builder.string("email")},
                                     {"email_pattern", answer["email_pattern"]},
                                     {"length", answer["length"]}}));
  return reply(arena);
}

Action Signin::State::on_recovery(const tl::Value& answer, tl::Arena& arena) {
  if (answer.constructor() != "auth.passwordRecovery") return other(answer, arena);
  const tl::Builder builder(arena);
  enter(Place::password,
        builder.with(members.value(), {{"email_pattern", answer["email_pattern"]}}));
  return reply(arena);
}

tl::Value Signin::State::take_code(tl::Arena& arena) {
  phone = running->phone;
  phone_code_hash = running->phone_code_hash;
  by = running->by;
  const tl::Builder builder(arena);
  return builder.object(
      {{"phone", builder.string(phone)}, {"phone_code_hash", builder.string(phone_code_hash)}});
}

void Signin::State::enter(Place next, std::optional<tl::Value> shown) {
  place = next;
  members.keep(shown.value_or(tl::Value{}));
  token_expires.reset();
  if (next != Place::done) user_id.reset();
  if (next != Place::done && next != Place::password) scanned = false;
  if (next == Place::start || next == Place::done || next == Place::qr) {
    phone.clear();
    phone_code_hash.clear();
    by = CodeBy::phone;
  }
}

Action Signin::State::other(const tl::Value& object, tl::Arena& arena) {
  enter(Place::other, named("object", object, arena));
  return reply(arena);
}

void Signin::State::become(const tl::Value& user, tl::Arena& arena,
                           const tl::Value& authorization) {
  auto shown = named("user", user, arena);
  for (const std::string_view urge : {"setup_password_required", "otherwise_relogin_days"}) {
    const auto& value = authorization[urge];
    if (!value.is_null()) shown = tl::Builder(arena).with(shown, {{urge, value}});
  }
  enter(Place::done, shown);
  if (running) tell_token(*running, authorization);
  user_id = user["id"].as_int64();
}

Action Signin::State::reply(tl::Arena& arena, const tl::Value* error) {
  const auto told = running ? running->told : std::nullopt;
  running.reset();
  const tl::Builder builder(arena);
  auto out = builder.object({{"state", builder.string(place_name(place))}});
  const auto shown = builder.copy(members.value());
  for (const auto& member : shown.members()) {
    out = builder.with(out, {{member.key, member.value}});
  }
  if (told) out = builder.with(out, {*told});
  if (error != nullptr) out = builder.with(out, {{"error", named_error(*error, arena)}});
  return Reply{out};
}

}  // namespace server::account
