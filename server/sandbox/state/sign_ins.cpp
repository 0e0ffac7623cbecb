// Parts of the state file: who is signed in by which key, and who may come again without a code.
#include "server/sandbox/state/parts.hpp"

#include <bit>
#include <boost/json/array.hpp>

namespace server::sandbox::state {

namespace json = boost::json;

json::array future_tokens_to_json(const FutureTokens& tokens) {
  json::array out;
  for (const auto& [bytes, token] : tokens.all()) {
    out.push_back(json::object{
        {"token", base64(bytes)}, {"user", token.user.value()}, {"until", token.until}});
  }
  return out;
}

void future_tokens_from_json(const json::array& in, FutureTokens& tokens) {
  for (const auto& one : in) {
    const auto& from = one.as_object();
    tokens.restore(bytes(from, "token"), {UserId(number(from, "user")), number32(from, "until")});
  }
}

json::object key_to_json(const Key& key) {
  json::object out{{"id", std::bit_cast<std::int64_t>(key.id.value())},
                   {"dc", key.dc},
                   {"hash", key.hash},
                   {"created", key.created},
                   {"active", key.active}};
  if (key.layer) out["layer"] = *key.layer;
  if (key.user) out["user"] = key.user->value();
  if (key.parent) out["parent"] = std::bit_cast<std::int64_t>(key.parent->value());
  if (key.awaits_password) out["awaits_password"] = key.awaits_password->value();
  if (key.app) {
    out["app"] = json::object{{"api_id", key.app->api_id},
                              {"device_model", key.app->device_model},
                              {"system_version", key.app->system_version},
                              {"app_version", key.app->app_version},
                              {"lang_code", key.app->lang_code}};
  }
  return out;
}

Key key_from_json(const json::object& in) {
  Key key;
  key.id = mtproto::AuthKeyId(std::bit_cast<std::uint64_t>(number(in, "id")));
  key.dc = number32(in, "dc");
  key.hash = number(in, "hash");
  key.created = number32(in, "created");
  key.active = number32(in, "active");
  if (in.contains("layer")) key.layer = number32(in, "layer");
  if (in.contains("user")) key.user = UserId(number(in, "user"));
  if (in.contains("parent")) {
    key.parent = mtproto::AuthKeyId(std::bit_cast<std::uint64_t>(number(in, "parent")));
  }
  if (in.contains("awaits_password")) key.awaits_password = UserId(number(in, "awaits_password"));
  if (const auto* given = in.if_contains("app")) {
    const auto& from = given->as_object();
    key.app =
        AppInfo{number32(from, "api_id"), text(from, "device_model"), text(from, "system_version"),
                text(from, "app_version"), text(from, "lang_code")};
  }
  return key;
}

}  // namespace server::sandbox::state
