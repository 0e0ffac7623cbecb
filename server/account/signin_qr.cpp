// Signing in by scanning: tokens are shown until one was accepted elsewhere.
// core.telegram.org/api/qr-login
#include "server/account/login_token.hpp"
#include "server/account/signin_state.hpp"

namespace server::account {

namespace {

// Worth another try later: too many calls, or trouble on Telegram's side.
bool passes(const RpcError& error) {
  return error.code == 420 || error.code >= 500 || error.code < 0;
}

}  // namespace

std::optional<Refusal> Signin::State::prepare_token(const SigninContext& context,
                                                    tl::Arena& arena) {
  if (context.api_id <= 0 || context.api_hash.empty()) return no_application();
  const tl::Builder builder(arena);
  running->token_call =
      builder.object("auth.exportLoginToken", {{"api_id", tl::Value::integer(context.api_id)},
                                               {"api_hash", builder.string(context.api_hash)},
                                               {"except_ids", builder.array({})}});
  return std::nullopt;
}

Action Signin::State::on_token(const tl::Value& answer, tl::Arena& arena) {
  const tl::Builder builder(arena);
  const auto kind = answer.constructor();
  if (kind == "auth.loginTokenSuccess") {
    scanned = true;
    return on_authorization(answer["authorization"], arena);
  }
  if (kind == "auth.loginTokenMigrateTo") {
    const auto dc = answer["dc_id"].as_int64().value_or(0);
    if (dc < 1 || dc > 999 || running->moves >= max_moves) return other(answer, arena);
    ++running->moves;
    running->asked = Asked::import_token;
    running->call = builder.object("auth.importLoginToken", {{"token", answer["token"]}});
    return Move{mtproto::DcId(static_cast<std::int32_t>(dc))};
  }
  if (kind != "auth.loginToken") return other(answer, arena);
  const auto expires = answer["expires"].as_int64().value_or(0);
  enter(Place::qr, builder.object({{"url", builder.string(login_url(answer["token"].as_bytes()))},
                                   {"expires", tl::Value::integer(expires)}}));
  token_expires = expires;
  return reply(arena);
}

Action Signin::State::on_token_error(const RpcError& error, const tl::Value& answer,
                                     tl::Arena& arena) {
  // Accepted too late for the way to its data centre: there is a fresh one to be had there.
  if (running->asked == Asked::import_token && error.message.starts_with("AUTH_TOKEN_") &&
      !running->asked_token_again) {
    running->asked_token_again = true;
    return ask(Asked::login_token, running->token_call);
  }
  // There is no code that could be scanned any more.
  if (place == Place::qr && !passes(error)) enter(Place::start);
  return reply(arena, &answer);
}

}  // namespace server::account
