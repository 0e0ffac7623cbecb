// auth.*: codes, sign-in, sign-up, bots, log-out, other data centres. core.telegram.org/api/auth
#include "server/sandbox/methods/authorization.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

Value authorization(Call& call, UserId user) {
  return call.make.object("auth.authorization",
                          {{"user", Renderer(call.world, user, call.make).user(user)}});
}

Value new_authorization(Call& call, const User& user, bool by_sms) {
  constexpr std::int64_t relogin_days = 7;
  Fields out(call.make, "auth.authorization");
  if (by_sms && !user.two_step) {
    out.flag("setup_password_required").number("otherwise_relogin_days", relogin_days);
  }
  if (!user.bot) {
    auto& world = call.world;
    const auto token = world.future_tokens.give(user.id, world.date(), world.random());
    out.set("future_auth_token", call.make.bytes(token));
  }
  return out.set("user", Renderer(call.world, user.id, call.make).user(user.id)).done();
}

Answer enter(Call& call, User& user, bool by_sms) {
  auto& sign_in = call.world.sign_in;
  if (user.two_step) {
    sign_in.sign_out(call.key);
    call.key.awaits_password = user.id;
    return RpcError{401, "SESSION_PASSWORD_NEEDED"};
  }
  sign_in.sign_in(call.key, user.id, call.world.date(), call.world.random());
  call.world.changed();
  return new_authorization(call, user, by_sms);
}

namespace {

constexpr int code_tries = 10;
constexpr std::string_view unpaid_numbers = "0402";

// Who is signed in elsewhere reads the code in the service chat.
void deliver_code(World& world, const SentCode& code) {
  const auto* user = world.accounts.by_phone(code.phone);
  if (user == nullptr || world.sign_in.keys_of(user->id).empty()) return;
  Draft draft;
  draft.text = "Login code: " + code.code + ". Do not give this code to anyone.";
  draft.entities = {
      {Entity::Kind::bold, 0, 11, {}, 0, false},
      {Entity::Kind::code, 12, static_cast<std::int32_t>(code.code.size()), {}, 0, false}};
  world.send(service_user, PeerKey::of(user->id), std::move(draft));
}

// The account of that number, where a token that was given before lets it in without a code.
User* who_may_come(Call& call, std::string_view phone) {
  auto* user = call.world.accounts.by_phone(phone);
  if (user == nullptr) return nullptr;
  const auto brought = call.args["settings"]["logout_tokens"].items();
  for (const auto& token : brought.first(std::min(brought.size(), FutureTokens::most_brought))) {
    if (call.world.future_tokens.opens(user->id, token.as_bytes(), call.world.date())) return user;
  }
  return nullptr;
}

Answer send_code(Call& call) {
  if (call.number("api_id") <= 0) return bad_request("API_ID_INVALID");
  const auto phone = phone_here(call);
  if (!phone) return phone.error();
  auto& world = call.world;
  if (auto* known = who_may_come(call, *phone)) {
    const auto entered = enter(call, *known);
    if (!entered) return entered.error();
    return call.make.object("auth.sentCodeSuccess", {{"authorization", *entered}});
  }
  auto& code =
      world.sign_in.send_code(*phone, phone_code(call.key.dc), world.now(), world.random());
  const auto* user = world.accounts.by_phone(*phone);
  const auto knows = [&](std::string_view constructor) {
    return call.schema.constructor_by_name(constructor) != nullptr;
  };
  code.unpaid = phone->ends_with(unpaid_numbers) && knows("auth.sentCodePaymentRequired");
  code.by_email =
      user != nullptr && !user->login_email.empty() && knows("auth.sentCodeTypeEmailCode");
  if (code.by_email) {
    code.code = email_code(call.key.dc);
  } else if (!code.unpaid) {
    deliver_code(world, code);
  }
  return sent_code(call, code);
}

// The one payment form that is paid has the id 1.
Answer check_paid(Call& call) {
  const auto code = named_code(call);
  if (!code) return code.error();
  if ((*code)->unpaid && call.number("form_id") == 1) {
    (*code)->unpaid = false;
    (*code)->by_sms = true;
  }
  return sent_code(call, **code);
}

Answer resend_code(Call& call) {
  const auto code = named_code(call);
  if (!code) return code.error();
  if ((*code)->unpaid) return bad_request("PAYMENT_REQUIRED");
  if ((*code)->by_sms || (*code)->by_email) return RpcError{406, "SEND_CODE_UNAVAILABLE"};
  (*code)->by_sms = true;
  return sent_code(call, **code);
}

Answer cancel_code(Call& call) {
  const auto code = named_code(call);
  if (!code) return code.error();
  call.world.sign_in.forget_code(call.text("phone_code_hash"));
  return yes();
}

// Checks `phone_code`, or what came by e-mail; counts the wrong ones.
Outcome<void> check_code(Call& call, SentCode& code) {
  if (code.unpaid) return bad_request("PAYMENT_REQUIRED");
  const auto given =
      code.by_email ? call.args["email_verification"]["code"].text() : call.text("phone_code");
  if (given.empty()) return bad_request("PHONE_CODE_EMPTY");
  if (given == code.code) return {};
  if (++code.tries >= code_tries) call.world.sign_in.forget_code(call.text("phone_code_hash"));
  return bad_request("PHONE_CODE_INVALID");
}

Answer sign_in(Call& call) {
  const auto code = named_code(call);
  if (!code) return code.error();
  if (const auto good = check_code(call, **code); !good) return good.error();
  auto* user = call.world.accounts.by_phone((*code)->phone);
  if (user == nullptr) {
    (*code)->proven = true;
    if (call.key.layer.value_or(228) < 105) return bad_request("PHONE_NUMBER_UNOCCUPIED");
    const auto terms = call.make.object(
        "help.termsOfService",
        {{"id", call.make.object("dataJSON", {{"data", Value::string("{}")}})},
         {"text", Value::string("Everything here is make-believe. Be kind all the same.")},
         {"entities", call.make.array(std::span<const Value>{})}});
    return call.make.object("auth.authorizationSignUpRequired", {{"terms_of_service", terms}});
  }
  const bool by_sms = (*code)->by_sms;
  call.world.sign_in.forget_code(call.text("phone_code_hash"));
  return enter(call, *user, by_sms);
}

Answer sign_up(Call& call) {
  const auto code = named_code(call);
  if (!code) return code.error();
  if (!(*code)->proven) {
    if (const auto good = check_code(call, **code); !good) return good.error();
  }
  if (call.world.accounts.by_phone((*code)->phone) != nullptr) {
    return bad_request("PHONE_NUMBER_OCCUPIED");
  }
  const auto first = tidy(call.text("first_name"), {}).text;
  const auto last = tidy(call.text("last_name"), {}).text;
  if (first.empty() || !is_utf8(first) || utf16_length(first) > limits::name) {
    return bad_request("FIRSTNAME_INVALID");
  }
  if (!is_utf8(last) || utf16_length(last) > limits::name) return bad_request("LASTNAME_INVALID");
  auto& user = call.world.sign_up((*code)->phone, first, last);
  call.world.sign_in.forget_code(call.text("phone_code_hash"));
  return enter(call, user);
}

Answer import_bot(Call& call) {
  if (call.number("api_id") <= 0) return bad_request("API_ID_INVALID");
  auto* bot = call.world.accounts.by_bot_token(call.text("bot_auth_token"));
  if (bot == nullptr) return bad_request("ACCESS_TOKEN_INVALID");
  if (bot->home_dc != call.key.dc) {
    return RpcError{303, "USER_MIGRATE_" + std::to_string(bot->home_dc)};
  }
  return enter(call, *bot);
}

Answer log_out(Call& call) {
  auto& world = call.world;
  const auto& user = call.self();
  Fields out(call.make, "auth.loggedOut");
  if (!user.bot) {
    const auto token = world.future_tokens.give(user.id, world.date(), world.random());
    out.set("future_auth_token", call.make.bytes(token));
  }
  world.sign_in.sign_out(call.key);
  world.changed();
  return out.done();
}

Answer reset_authorizations(Call& call) {
  const auto keys = call.world.sign_in.keys_of(call.user());
  call.world.future_tokens.forget(call.user());
  for (const auto id : keys) {
    auto* other = call.world.sign_in.find(id);
    const bool own = other == nullptr || id == call.key.id || other->parent == call.key.id ||
                     id == call.key.parent || (call.key.parent && other->parent == call.key.parent);
    if (!own) call.world.sign_in.sign_out(*other);
  }
  call.world.changed();
  return yes();
}

Answer export_authorization(Call& call) {
  const auto dc = call.number32("dc_id");
  const bool known =
      std::any_of(call.data_centres.begin(), call.data_centres.end(),
                  [&](const DataCentre& data_centre) { return data_centre.dc == dc; });
  if (!known || dc == call.key.dc) return bad_request("DC_ID_INVALID");
  auto& world = call.world;
  const auto bytes = world.sign_in.export_to(dc, call.key, world.now(), world.random());
  return call.make.object(
      "auth.exportedAuthorization",
      {{"id", Value::integer(call.user().value())}, {"bytes", call.make.bytes(bytes)}});
}

Answer import_authorization(Call& call) {
  const UserId user(call.number("id"));
  auto& world = call.world;
  const auto bytes = call.args["bytes"].as_bytes();
  const auto from = world.sign_in.import_from(call.key.dc, user, bytes, world.now());
  if (!from) return bad_request("AUTH_BYTES_INVALID");
  world.sign_in.sign_in(call.key, user, world.date(), world.random());
  call.key.parent = from;
  world.changed();
  return authorization(call, user);
}

}  // namespace

std::span<const Method> auth_methods() {
  static constexpr Method methods[] = {
      {"auth.sendCode", Needs::nobody, send_code},
      {"auth.resendCode", Needs::nobody, resend_code},
      {"auth.cancelCode", Needs::nobody, cancel_code},
      {"auth.checkPaidAuth", Needs::nobody, check_paid},
      {"auth.signIn", Needs::nobody, sign_in},
      {"auth.signUp", Needs::nobody, sign_up},
      {"auth.importBotAuthorization", Needs::nobody, import_bot},
      {"auth.logOut", Needs::somebody, log_out},
      {"auth.resetAuthorizations", Needs::somebody, reset_authorizations},
      {"auth.exportAuthorization", Needs::somebody, export_authorization},
      {"auth.importAuthorization", Needs::nobody, import_authorization},
  };
  return methods;
}

}  // namespace server::sandbox
