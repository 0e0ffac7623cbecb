// account.*: what is set up once and asked for at every start.
#include "server/sandbox/methods/authorization.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

Answer accept(Call&) { return yes(); }

Answer update_status(Call& call) {
  call.world.set_online(call.self(), !call.flag("offline"));
  return yes();
}

Answer get_notify_settings(Call& call) {
  const auto& where = call.args["peer"];
  const auto render = call.renderer();
  if (where.constructor() != "inputNotifyPeer") return render.notify_settings(nullptr);
  const auto peer = call.peer(where["peer"]);
  if (!peer) return peer.error();
  const auto* dialog = call.box().dialog(*peer);
  return render.notify_settings(dialog != nullptr ? &dialog->notify : nullptr);
}

Answer update_notify_settings(Call& call) {
  const auto& where = call.args["peer"];
  if (where.constructor() != "inputNotifyPeer") return yes();
  const auto peer = call.peer(where["peer"]);
  if (!peer) return peer.error();
  auto* dialog = call.box().dialog(*peer);
  if (dialog == nullptr) return yes();
  const auto& given = call.args["settings"];
  auto& notify = dialog->notify;
  notify = {};
  if (!given["show_previews"].is_null()) notify.show_previews = given["show_previews"].as_bool();
  if (!given["silent"].is_null()) notify.silent = given["silent"].as_bool();
  if (const auto until = given["mute_until"].as_int64()) {
    notify.mute_until = static_cast<std::int32_t>(*until);
  }
  call.world.tell(call.user(), NotifyChanged{*peer});
  call.world.changed();
  return yes();
}

Answer get_authorizations(Call& call) {
  std::vector<Value> list;
  for (const auto id : call.world.sign_in.keys_of(call.user())) {
    if (list.size() == limits::page) break;
    const auto* key = call.world.sign_in.find(id);
    // Those in other data centres are the same authorization.
    if (key != nullptr && !key->parent) list.push_back(describe_authorization(call, *key));
  }
  return call.make.object(
      "account.authorizations",
      {{"authorization_ttl_days", Value::integer(180)}, {"authorizations", call.make.array(list)}});
}

Answer reset_authorization(Call& call) {
  const auto keys = call.world.sign_in.keys_of(call.user());
  for (const auto id : keys) {
    auto* key = call.world.sign_in.find(id);
    if (key == nullptr || key->parent || id == call.key.id || key->hash != call.number("hash"))
      continue;
    call.world.sign_in.sign_out(*key);
    call.world.changed();
    return yes();
  }
  return bad_request("HASH_INVALID");
}

Answer update_profile(Call& call) {
  auto& user = call.self();
  const auto pick = [&](std::string_view name, const std::string& old) {
    return call.has(name) ? tidy(call.text(name), {}).text : old;
  };
  auto first = pick("first_name", user.first_name);
  auto last = pick("last_name", user.last_name);
  auto about = pick("about", user.about);
  if (first.empty() || !is_utf8(first) || utf16_length(first) > limits::name) {
    return bad_request("FIRSTNAME_INVALID");
  }
  if (!is_utf8(last) || utf16_length(last) > limits::name) return bad_request("LASTNAME_INVALID");
  if (!is_utf8(about) || utf16_length(about) > limits::about) return bad_request("ABOUT_TOO_LONG");
  const bool renamed = first != user.first_name || last != user.last_name;
  user.first_name = std::move(first);
  user.last_name = std::move(last);
  user.about = std::move(about);
  if (renamed) {
    call.world.tell(user.id, NameChanged{user.id});
    call.world.tell_friends(user.id, NameChanged{user.id});
  }
  call.world.changed();
  return call.renderer().user(user.id);
}

Answer check_username(Call& call) {
  const auto name = call.text("username");
  if (!is_username(name)) return bad_request("USERNAME_INVALID");
  return Value::boolean(!call.world.username_taken(name));
}

Answer update_username(Call& call) {
  auto& user = call.self();
  const auto name = call.text("username");
  if (name == user.username) return bad_request("USERNAME_NOT_MODIFIED");
  if (!name.empty()) {
    if (!is_username(name)) return bad_request("USERNAME_INVALID");
    const bool own = call.world.accounts.by_username(name) == &user;
    if (!own && call.world.username_taken(name)) return bad_request("USERNAME_OCCUPIED");
  }
  call.world.accounts.rename(user, std::string(name));
  call.world.tell(user.id, NameChanged{user.id});
  call.world.tell_friends(user.id, NameChanged{user.id});
  call.world.changed();
  return call.renderer().user(user.id);
}

Answer get_account_ttl(Call& call) {
  return call.make.object("accountDaysTTL", {{"days", Value::integer(365)}});
}

Answer get_content_settings(Call& call) { return call.make.object("account.contentSettings", {}); }

Answer get_global_privacy(Call& call) { return call.make.object("globalPrivacySettings", {}); }

}  // namespace

Value describe_authorization(Call& call, const Key& key) {
  const AppInfo none;
  const auto& app = key.app ? *key.app : none;
  const bool current = key.id == call.key.id;
  Fields out(call.make, "authorization");
  out.flag("current", current)
      .number("hash", current ? 0 : key.hash)
      .text("device_model", app.device_model)
      .text("platform", "")
      .text("system_version", app.system_version)
      .number("api_id", app.api_id)
      .text("app_name", "")
      .text("app_version", app.app_version)
      .number("date_created", key.created)
      .number("date_active", current ? call.world.date() : key.active)
      .text("ip", "127.0.0.1")
      .text("country", "")
      .text("region", "");
  return out.done();
}

std::span<const Method> account_methods() {
  static constexpr Method methods[] = {
      {"account.updateStatus", Needs::somebody, update_status},
      {"account.registerDevice", Needs::somebody, accept},
      {"account.unregisterDevice", Needs::somebody, accept},
      {"account.getNotifySettings", Needs::somebody, get_notify_settings},
      {"account.updateNotifySettings", Needs::somebody, update_notify_settings},
      {"account.getAuthorizations", Needs::somebody, get_authorizations},
      {"account.resetAuthorization", Needs::somebody, reset_authorization},
      {"account.updateProfile", Needs::somebody, update_profile},
      {"account.checkUsername", Needs::somebody, check_username},
      {"account.updateUsername", Needs::somebody, update_username},
      {"account.getAccountTTL", Needs::somebody, get_account_ttl},
      {"account.getContentSettings", Needs::somebody, get_content_settings},
      {"account.getGlobalPrivacySettings", Needs::somebody, get_global_privacy},
  };
  return methods;
}

}  // namespace server::sandbox
