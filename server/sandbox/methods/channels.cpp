// Channels and supergroups: made, found, joined, left. core.telegram.org/api/channel
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

std::size_t channels_of(const Call& call, UserId user) {
  const auto* box = call.world.find_box(user);
  if (box == nullptr) return 0;
  const auto& dialogs = box->dialogs();
  return static_cast<std::size_t>(
      std::count_if(dialogs.begin(), dialogs.end(),
                    [](const auto& dialog) { return dialog.first.is_channel(); }));
}

namespace {

Outcome<std::string> channel_about(const Call& call) {
  auto about = tidy(call.text("about"), {}).text;
  if (!is_utf8(about) || utf16_length(about) > limits::channel_about) {
    return bad_request("CHAT_ABOUT_TOO_LONG");
  }
  return about;
}

Answer create_channel(Call& call) {
  if (call.flag("forum") || call.has("geo_point")) return not_played();
  auto title = title_of(call);
  if (!title) return title.error();
  auto about = channel_about(call);
  if (!about) return about.error();
  if (call.world.channels.all().size() >= limits::channels ||
      channels_of(call, call.user()) >= limits::channels_of_a_user) {
    return bad_request("CHANNELS_TOO_MUCH");
  }
  const bool broadcast = call.flag("broadcast") && !call.flag("megagroup");
  const auto& channel =
      call.world.create_channel(call.user(), std::move(*title), std::move(*about), broadcast);
  const auto random_id = static_cast<std::int64_t>(call.world.random().word());
  const Value first[] = {call.make.object(
      "updateMessageID",
      {{"id", Value::integer(channel.ids().back())}, {"random_id", Value::integer(random_id)}})};
  return call.answer_updates(first);
}

Answer join_channel(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  const auto user = call.user();
  if (channel.has(user)) return bad_request("USER_ALREADY_PARTICIPANT");
  if (call.self().bot) return bad_request("BOT_METHOD_INVALID");
  if (channels_of(call, user) >= limits::channels_of_a_user) {
    return bad_request("CHANNELS_TOO_MUCH");
  }
  if (channel.members.size() >= limits::channel_members) return bad_request("USERS_TOO_MUCH");
  call.world.join(channel, user, {&user, 1});
  return call.make.object("messages.chatInviteJoinResultOk", {{"updates", call.answer_updates()}});
}

Answer leave_channel(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  if (!channel.has(call.user())) return bad_request("USER_NOT_PARTICIPANT");
  if (channel.creator == call.user()) return bad_request("USER_CREATOR");
  call.world.leave(channel, call.user(), call.user());
  return call.answer_updates();
}

Answer delete_channel(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  if (channel.creator != call.user()) return bad_request("CHAT_ADMIN_REQUIRED");
  call.world.close(channel);
  return call.answer_updates();
}

Outcome<void> may_be_brought(const Call& call, const Channel& channel, UserId user) {
  const auto* who = call.world.accounts.find(user);
  if (channel.broadcast && who != nullptr && who->bot) return bad_request("USER_BOT");
  const auto* ban = channel.ban_of(user, call.world.date());
  if (ban != nullptr && (ban->rights & ban_right::view_messages) != 0 &&
      !channel.may(call.user(), admin_right::ban_users)) {
    return bad_request("USER_KICKED");
  }
  if (channels_of(call, user) >= limits::channels_of_a_user) {
    return bad_request("USER_CHANNELS_TOO_MUCH");
  }
  return {};
}

Answer invite_to_channel(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  const bool may = channel.may(call.user(), admin_right::invite_users) ||
                   (!channel.broadcast && channel.has(call.user()) &&
                    !channel.barred(call.user(), ban_right::invite_users, call.world.date()));
  if (!may) return bad_request("CHAT_ADMIN_REQUIRED");
  const auto given = call.args["users"].items();
  if (given.size() > limits::page) return bad_request("USERS_TOO_MUCH");
  std::vector<UserId> users;
  for (const auto& input : given) {
    const auto user = call.user_of(input);
    if (!user) return user.error();
    if (channel.has(*user)) {
      if (given.size() == 1) return bad_request("USER_ALREADY_PARTICIPANT");
      continue;
    }
    if (const auto good = may_be_brought(call, channel, *user); !good) return good.error();
    if (std::find(users.begin(), users.end(), *user) == users.end()) users.push_back(*user);
  }
  if (channel.members.size() + users.size() > limits::channel_members) {
    return bad_request("USERS_TOO_MUCH");
  }
  if (given.empty()) return bad_request("USERS_TOO_FEW");
  for (const auto user : users) {
    if (channel.bans.contains(user)) call.world.set_ban(channel, user, std::nullopt);
  }
  if (!users.empty()) call.world.join(channel, call.user(), users);
  return invited(call);
}

bool may_change(const Call& call, const Channel& channel) {
  return channel.may(call.user(), admin_right::change_info);
}

Answer edit_channel_title(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  if (!may_change(call, **found)) return bad_request("CHAT_ADMIN_REQUIRED");
  auto title = title_of(call);
  if (!title) return title.error();
  if ((*found)->title == *title) return bad_request("CHAT_NOT_MODIFIED");
  call.world.retitle(**found, call.user(), std::move(*title));
  return call.answer_updates();
}

// messages.editChatAbout, of channels only: basic groups have none here.
Answer edit_about(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  if (!peer->is_channel()) return not_played();
  auto& channel = *call.world.channels.find(peer->channel());
  if (!may_change(call, channel)) return bad_request("CHAT_ADMIN_REQUIRED");
  auto about = channel_about(call);
  if (!about) return about.error();
  if (channel.about == *about) return bad_request("CHAT_ABOUT_NOT_MODIFIED");
  channel.about = std::move(*about);
  call.world.changed();
  return yes();
}

Answer check_channel_name(Call& call) {
  if (call.args["channel"].constructor() != "inputChannelEmpty") {
    const auto found = call.channel(call.args["channel"]);
    if (!found) return found.error();
  }
  if (!is_username(call.text("username"))) return bad_request("USERNAME_INVALID");
  return Value::boolean(!call.world.username_taken(call.text("username")));
}

Answer rename_channel(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  if (channel.creator != call.user()) return bad_request("CHAT_ADMIN_REQUIRED");
  const auto name = call.text("username");
  if (name == channel.username) return bad_request("USERNAME_NOT_MODIFIED");
  if (!name.empty()) {
    if (!is_username(name)) return bad_request("USERNAME_INVALID");
    const bool own = call.world.channels.by_username(name) == &channel;
    if (!own && call.world.username_taken(name)) return bad_request("USERNAME_OCCUPIED");
  }
  call.world.rename(channel, std::string(name));
  return yes();
}

Answer get_channels(Call& call) {
  auto render = call.renderer();
  std::vector<Value> chats;
  for (const auto& input : call.args["id"].items()) {
    if (chats.size() == limits::page) break;
    const auto found = call.channel(input);
    if (found) {
      chats.push_back(render.channel((*found)->id));
    } else if (call.args["id"].items().size() == 1) {
      return found.error();
    }
  }
  return call.make.object("messages.chats", {{"chats", call.make.array(chats)}});
}

Answer get_full_channel(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto render = call.renderer();
  const auto full = render.full_channel((*found)->id);
  return call.make.object(
      "messages.chatFull",
      {{"full_chat", full}, {"chats", render.chats()}, {"users", render.users()}});
}

Answer get_admined_public(Call& call) {
  const auto render = call.renderer();
  std::vector<Value> chats;
  for (const auto& [id, channel] : call.world.channels.all()) {
    if (chats.size() == limits::page) break;
    if (channel.is_public() && channel.creator == call.user()) chats.push_back(render.channel(id));
  }
  return call.make.object("messages.chats", {{"chats", call.make.array(chats)}});
}

}  // namespace

std::span<const Method> channel_methods() {
  static constexpr Method methods[] = {
      {"channels.createChannel", Needs::somebody, create_channel},
      {"channels.joinChannel", Needs::somebody, join_channel},
      {"channels.leaveChannel", Needs::somebody, leave_channel},
      {"channels.deleteChannel", Needs::somebody, delete_channel},
      {"channels.inviteToChannel", Needs::somebody, invite_to_channel},
      {"channels.editTitle", Needs::somebody, edit_channel_title},
      {"messages.editChatAbout", Needs::somebody, edit_about},
      {"channels.checkUsername", Needs::somebody, check_channel_name},
      {"channels.updateUsername", Needs::somebody, rename_channel},
      {"channels.getChannels", Needs::somebody, get_channels},
      {"channels.getFullChannel", Needs::somebody, get_full_channel},
      {"channels.getAdminedPublicChannels", Needs::somebody, get_admined_public},
  };
  return methods;
}

}  // namespace server::sandbox
