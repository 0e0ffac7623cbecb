// auth.*LoginToken: signing in by showing a code that another session scans.
// core.telegram.org/api/qr-login
#include "server/sandbox/methods/authorization.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

// Its user is at home here: the caller's key is theirs now, or waits for their password.
Answer use(Call& call, tl::ByteView bytes) {
  auto& tokens = call.world.login_tokens;
  const auto token = *tokens.find(bytes, call.world.now());
  tokens.forget(bytes);
  auto* user = call.world.accounts.find(*token.accepted_by);
  if (user == nullptr) return bad_request("AUTH_TOKEN_INVALID");
  const auto answer = enter(call, *user);
  if (!answer) return answer;
  call.key.hash = token.hash;
  return call.make.object("auth.loginTokenSuccess", {{"authorization", *answer}});
}

Answer export_token(Call& call) {
  if (call.number("api_id") <= 0) return bad_request("API_ID_INVALID");
  auto& world = call.world;
  if (const auto bytes = world.login_tokens.accepted_for(call.key.id, world.now())) {
    const auto by = *world.login_tokens.find(*bytes, world.now())->accepted_by;
    const auto* user = world.accounts.find(by);
    if (user != nullptr && user->home_dc != call.key.dc) {
      return call.make.object("auth.loginTokenMigrateTo", {{"dc_id", Value::integer(user->home_dc)},
                                                           {"token", call.make.bytes(*bytes)}});
    }
    return use(call, *bytes);
  }
  LoginToken token;
  token.shown_by = call.origin.caller;
  for (const auto& id : call.args["except_ids"].items()) {
    if (token.except.size() == LoginTokens::most_except) break;
    token.except.emplace_back(id.as_int64().value_or(0));
  }
  const auto bytes = world.login_tokens.make(std::move(token), world.now(), world.random());
  const auto expires = world.date() + std::int64_t{LoginTokens::lives.count()};
  return call.make.object(
      "auth.loginToken", {{"expires", Value::integer(expires)}, {"token", call.make.bytes(bytes)}});
}

// In the data centre that auth.loginTokenMigrateTo named.
Answer import_token(Call& call) {
  const auto bytes = call.args["token"].as_bytes();
  const auto* token = call.world.login_tokens.find(bytes, call.world.now());
  if (token == nullptr || !token->accepted_by) return bad_request("AUTH_TOKEN_INVALID");
  const auto* user = call.world.accounts.find(*token->accepted_by);
  if (user == nullptr || user->home_dc != call.key.dc) return bad_request("AUTH_TOKEN_INVALID");
  return use(call, bytes);
}

Answer accept_token(Call& call) {
  auto& world = call.world;
  if (call.self().bot) return bad_request("BOT_METHOD_INVALID");
  auto* token = world.login_tokens.find(call.args["token"].as_bytes(), world.now());
  if (token == nullptr) return bad_request("AUTH_TOKEN_INVALIDX");
  if (token->accepted_by) return bad_request("AUTH_TOKEN_ALREADY_ACCEPTED");
  if (world.now() >= token->until) return bad_request("AUTH_TOKEN_EXPIRED");
  const auto* shown_by = world.sign_in.find(token->shown_by.owner);
  if (shown_by == nullptr) return bad_request("AUTH_TOKEN_EXPIRED");
  const auto& except = token->except;
  if (std::find(except.begin(), except.end(), call.user()) != except.end()) {
    return bad_request("AUTH_TOKEN_EXCEPTION");
  }
  world.login_tokens.accept(*token, call.user(), world.now());
  // As it will be in the caller's list once the other side has fetched it.
  auto to_come = *shown_by;
  to_come.hash = token->hash;
  to_come.created = to_come.active = world.date();
  return describe_authorization(call, to_come);
}

}  // namespace

std::span<const Method> login_token_methods() {
  static constexpr Method methods[] = {
      {"auth.exportLoginToken", Needs::nobody, export_token},
      {"auth.importLoginToken", Needs::nobody, import_token},
      {"auth.acceptLoginToken", Needs::somebody, accept_token},
  };
  return methods;
}

}  // namespace server::sandbox
