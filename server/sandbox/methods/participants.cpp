// Who is in a channel or supergroup, who may do what there, and who may not.
// core.telegram.org/api/rights
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::size_t most_participants = 200;  // in one answer

Rights rights_of(const Value& given, std::span<const std::string_view> names) {
  Rights rights = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (given[names[i]].as_bool()) rights |= 1U << i;
  }
  return rights;
}

// Of layers before 125, too, which named users only.
Outcome<UserId> participant_of(const Call& call) {
  const auto& given = call.args["participant"];
  const auto user = call.user_of(given.is_object() ? given : call.args["user_id"]);
  if (!user) return bad_request("PARTICIPANT_ID_INVALID");
  return user;
}

// Newest first, those who made it in front.
std::vector<UserId> members_of(const Channel& channel) {
  std::vector<std::pair<std::int32_t, UserId>> sorted;
  sorted.reserve(channel.members.size());
  for (const auto& [user, member] : channel.members) {
    sorted.emplace_back(user == channel.creator ? INT32_MIN : -member.date, user);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<UserId> out;
  out.reserve(sorted.size());
  for (const auto& [order, user] : sorted) out.push_back(user);
  return out;
}

bool is_called(const User& user, std::string_view wanted) {
  const auto name = lower(user.first_name + " " + user.last_name);
  return name.starts_with(wanted) || name.find(" " + std::string(wanted)) != name.npos ||
         lower(user.username).starts_with(wanted);
}

// Whom a filter of getParticipants is about; none: administrators alone may ask.
std::optional<std::vector<UserId>> filtered(const Call& call, const Channel& channel) {
  const auto& filter = call.args["filter"];
  const auto kind = filter.constructor();
  const auto wanted = lower(filter["q"].text());
  const bool kicked = kind == "channelParticipantsKicked";
  std::vector<UserId> out;
  const auto take = [&](UserId id) {
    const auto* user = call.world.accounts.find(id);
    if (user == nullptr || (!wanted.empty() && !is_called(*user, wanted))) return;
    if (kind == "channelParticipantsBots" && !user->bot) return;
    if (kind == "channelParticipantsContacts" &&
        !call.world.accounts.find(call.user())->contacts.contains(id)) {
      return;
    }
    if (kind == "channelParticipantsAdmins" && !channel.is_admin(id)) return;
    out.push_back(id);
  };
  if (kicked || kind == "channelParticipantsBanned") {
    if (!channel.is_admin(call.user())) return std::nullopt;
    for (const auto& [user, ban] : channel.bans) {
      const bool out_of_it = (ban.rights & ban_right::view_messages) != 0;
      if (channel.ban_of(user, call.world.date()) != nullptr && out_of_it == kicked) take(user);
    }
    return out;
  }
  if (channel.broadcast && !channel.is_admin(call.user())) return std::nullopt;
  for (const auto user : members_of(channel)) take(user);
  return out;
}

Answer get_participants(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  const auto& channel = **found;
  const auto all = filtered(call, channel);
  if (!all) return bad_request("CHAT_ADMIN_REQUIRED");
  const auto size = static_cast<std::int64_t>(all->size());
  const auto from = std::clamp<std::int64_t>(call.number("offset"), 0, size);
  const auto limit = std::clamp<std::int64_t>(call.number("limit"), 0, most_participants);
  auto render = call.renderer();
  std::vector<Value> list;
  for (auto i = from; i < std::min(size, from + limit); ++i) {
    list.push_back(render.participant(channel, (*all)[static_cast<std::size_t>(i)]));
  }
  return call.make.object("channels.channelParticipants", {{"count", Value::integer(size)},
                                                           {"participants", call.make.array(list)},
                                                           {"chats", render.chats()},
                                                           {"users", render.users()}});
}

Answer get_participant(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  const auto& channel = **found;
  const auto user = participant_of(call);
  if (!user) return user.error();
  const bool admin = channel.is_admin(call.user());
  if (channel.broadcast && !admin && *user != call.user()) {
    return bad_request("CHAT_ADMIN_REQUIRED");
  }
  const bool known = channel.has(*user) || (admin && channel.ban_of(*user, call.world.date()));
  if (!known) return bad_request("USER_NOT_PARTICIPANT");
  auto render = call.renderer();
  const auto participant = render.participant(channel, *user);
  return call.make.object(
      "channels.channelParticipant",
      {{"participant", participant}, {"chats", render.chats()}, {"users", render.users()}});
}

// The channel as it is now, with what was said of it.
Answer changed(Call& call, ChannelId channel) {
  const auto said = call.answer_updates();
  auto render = call.renderer();
  return call.make.with(said, {{"chats", call.make.array({render.channel(channel)})}});
}

// Whether the caller may undo what that administrator was made by.
bool over(const Call& call, const Channel& channel, UserId user) {
  if (user == channel.creator) return false;
  const auto admin = channel.admins.find(user);
  return admin == channel.admins.end() || call.user() == channel.creator ||
         admin->second.promoted_by == call.user();
}

Answer edit_admin(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  const auto user = call.user_of(call.args["user_id"]);
  if (!user) return user.error();
  if (!channel.may(call.user(), admin_right::add_admins)) {
    return bad_request("CHAT_ADMIN_REQUIRED");
  }
  if (*user == channel.creator) return bad_request("USER_CREATOR");
  if (!over(call, channel, *user)) return bad_request("CHAT_ADMIN_REQUIRED");
  const auto rights = rights_of(call.args["admin_rights"], admin_right::names);
  if (!channel.may(call.user(), rights & admin_right::all)) {
    return RpcError{403, "RIGHT_FORBIDDEN"};
  }
  auto rank = tidy(call.text("rank"), {}).text;
  if (!is_utf8(rank) || utf16_length(rank) > limits::rank) {
    return bad_request("ADMIN_RANK_INVALID");
  }
  if (rights == 0) {
    if (!channel.has(*user)) return bad_request("USER_NOT_PARTICIPANT");
    call.world.set_admin(channel, *user, std::nullopt);
    return changed(call, channel.id);
  }
  if (channel.admins.size() >= limits::admins && !channel.admins.contains(*user)) {
    return bad_request("ADMINS_TOO_MUCH");
  }
  if (!channel.has(*user)) {
    if (channel.members.size() >= limits::channel_members) return bad_request("USERS_TOO_MUCH");
    const UserId brought[] = {*user};
    call.world.join(channel, call.user(), brought);
  }
  call.world.set_admin(channel, *user,
                       Channel::Admin{call.user(), call.world.date(), rights, std::move(rank)});
  return changed(call, channel.id);
}

Answer edit_banned(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  const auto user = participant_of(call);
  if (!user) return user.error();
  if (!channel.may(call.user(), admin_right::ban_users)) {
    return bad_request("CHAT_ADMIN_REQUIRED");
  }
  if (*user == call.user() || !over(call, channel, *user)) return bad_request("USER_ADMIN_INVALID");
  const auto& given = call.args["banned_rights"];
  const auto rights = rights_of(given, ban_right::names);
  if (rights == 0) {
    call.world.set_ban(channel, *user, std::nullopt);
    return changed(call, channel.id);
  }
  if (channel.bans.size() >= limits::banned) return bad_request("USERS_TOO_MUCH");
  // What lies more than a year ahead or less than half a minute is for ever.
  const auto until = given["until_date"].as_int64().value_or(0);
  const auto ahead = until - call.world.date();
  const bool for_ever = ahead < 30 || ahead > 366 * 86400;
  const bool was_in = channel.has(*user);
  call.world.set_ban(channel, *user,
                     Channel::Ban{call.user(), call.world.date(), rights,
                                  for_ever ? 0 : static_cast<std::int32_t>(until)});
  if (was_in && (rights & ban_right::view_messages) != 0) {
    call.world.leave(channel, call.user(), *user);
  }
  return changed(call, channel.id);
}

Answer edit_default_banned(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  if (!peer->is_channel()) return not_played();
  auto& channel = *call.world.channels.find(peer->channel());
  if (channel.broadcast) return bad_request("PEER_ID_INVALID");
  if (!channel.may(call.user(), admin_right::ban_users)) {
    return bad_request("CHAT_ADMIN_REQUIRED");
  }
  const auto rights = rights_of(call.args["banned_rights"], ban_right::names);
  if ((rights & ban_right::view_messages) != 0) return bad_request("BANNED_RIGHTS_INVALID");
  if (rights == channel.default_banned) return bad_request("CHAT_NOT_MODIFIED");
  channel.default_banned = rights;
  call.world.changed();
  for (const auto& [member, how] : channel.members) {
    call.world.tell(member, ChannelChanged{channel.id});
  }
  return call.answer_updates();
}

}  // namespace

std::span<const Method> participant_methods() {
  static constexpr Method methods[] = {
      {"channels.getParticipants", Needs::somebody, get_participants},
      {"channels.getParticipant", Needs::somebody, get_participant},
      {"channels.editAdmin", Needs::somebody, edit_admin},
      {"channels.editBanned", Needs::somebody, edit_banned},
      {"messages.editChatDefaultBannedRights", Needs::somebody, edit_default_banned},
  };
  return methods;
}

}  // namespace server::sandbox
