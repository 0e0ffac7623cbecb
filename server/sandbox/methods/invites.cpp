// Links into groups and channels. core.telegram.org/api/invites
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

bool is_in(const Call& call, PeerKey room) {
  if (room.is_channel()) return call.world.channels.find(room.channel())->has(call.user());
  return call.world.chats.find(room.chat())->member(call.user()) != nullptr;
}

// A group or channel whose administrator calls.
Outcome<PeerKey> own_room(const Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  if (peer->is_user()) return bad_request("PEER_ID_INVALID");
  const bool may =
      peer->is_channel()
          ? call.world.channels.find(peer->channel())->may(call.user(), admin_right::invite_users)
          : is_in(call, *peer) && call.world.chats.find(peer->chat())->is_admin(call.user());
  if (!may) return bad_request("CHAT_ADMIN_REQUIRED");
  return peer;
}

Answer export_invite(Call& call) {
  const auto room = own_room(call);
  if (!room) return room.error();
  if (call.flag("request_needed") || call.has("subscription_pricing")) return not_played();
  Invite invite;
  invite.peer = *room;
  invite.admin = call.user();
  invite.date = call.world.date();
  invite.title = tidy(call.text("title"), {}).text;
  invite.expire_date = call.number32("expire_date");
  invite.usage_limit = call.number32("usage_limit");
  if (!is_utf8(invite.title) || utf16_length(invite.title) > limits::invite_title) {
    return bad_request("INVITE_TITLE_TOO_LONG");
  }
  if (call.has("expire_date") && invite.expire_date <= call.world.date()) {
    return bad_request("EXPIRE_DATE_INVALID");
  }
  if (invite.usage_limit < 0 || invite.usage_limit > 99'999) {
    return bad_request("USAGE_LIMIT_INVALID");
  }
  if (call.world.invites.of(*room).size() >= limits::invites) {
    return bad_request("INVITES_TOO_MUCH");
  }
  // One that has no limits and is the first is its administrator's own, as a new one is that
  // takes the place of it.
  auto* former = call.world.invites.permanent(*room, call.user());
  const bool plain = invite.expire_date == 0 && invite.usage_limit == 0 && invite.title.empty();
  invite.permanent = plain && (former == nullptr || call.flag("legacy_revoke_permanent"));
  if (invite.permanent && former != nullptr) former->revoked = true;
  const auto& made = call.world.invites.add(std::move(invite), call.world.random());
  call.world.changed();
  return call.renderer().invite(made);
}

// Newest first.
Answer get_invites(Call& call) {
  const auto room = own_room(call);
  if (!room) return room.error();
  const auto admin = call.user_of(call.args["admin_id"]);
  if (!admin) return bad_request("ADMIN_ID_INVALID");
  std::vector<const Invite*> found;
  for (const auto* invite : call.world.invites.of(*room)) {
    const bool over = !invite->is_good(call.world.date());
    if (invite->admin == *admin && over == call.flag("revoked")) found.push_back(invite);
  }
  std::reverse(found.begin(), found.end());
  const auto count = static_cast<std::int64_t>(found.size());
  if (call.has("offset_link")) {
    const auto at = std::find_if(found.begin(), found.end(), [&](const Invite* invite) {
      return invite->link() == call.text("offset_link");
    });
    found.erase(found.begin(), at == found.end() ? at : at + 1);
  }
  const auto limit = std::clamp<std::int64_t>(call.number("limit"), 0, limits::page);
  if (static_cast<std::int64_t>(found.size()) > limit) {
    found.resize(static_cast<std::size_t>(limit));
  }
  auto render = call.renderer();
  std::vector<Value> list;
  for (const auto* invite : found) list.push_back(render.invite(*invite));
  return call.make.object("messages.exportedChatInvites", {{"count", Value::integer(count)},
                                                           {"invites", call.make.array(list)},
                                                           {"users", render.users()}});
}

// One that lets the caller in, or whose room the caller is in already.
Outcome<Invite*> invite_of(const Call& call) {
  const auto hash = call.text("hash");
  if (hash.empty()) return bad_request("INVITE_HASH_EMPTY");
  auto* invite = call.world.invites.find(hash);
  if (invite == nullptr) return bad_request("INVITE_HASH_INVALID");
  bool open = invite->is_good(call.world.date());
  if (invite->peer.is_channel()) {
    const auto& channel = *call.world.channels.find(invite->peer.channel());
    const auto* ban = channel.ban_of(call.user(), call.world.date());
    open =
        open && !channel.gone && (ban == nullptr || (ban->rights & ban_right::view_messages) == 0);
  }
  if (!open) return bad_request("INVITE_HASH_EXPIRED");
  return invite;
}

// What a stranger is told of it.
Value described(Call& call, PeerKey room) {
  const auto render = call.renderer();
  Fields out(call.make, "chatInvite");
  const auto describe = [&](const std::string& title, const FilePtr& photo, std::size_t members) {
    out.text("title", title)
        .set("photo", photo ? render.profile_photo(*photo)
                            : call.make.object("photoEmpty", {{"id", Value::integer(0)}}))
        .number("participants_count", static_cast<std::int64_t>(members))
        .number("color", 0);
  };
  if (room.is_channel()) {
    const auto& channel = *call.world.channels.find(room.channel());
    out.flag("channel")
        .flag("broadcast", channel.broadcast)
        .flag("megagroup", !channel.broadcast)
        .flag("public", channel.is_public());
    if (!channel.about.empty()) out.text("about", channel.about);
    describe(channel.title, channel.photo, channel.members.size());
  } else {
    const auto& chat = *call.world.chats.find(room.chat());
    describe(chat.title, chat.photo, chat.members.size());
  }
  return out.done();
}

Answer check_invite(Call& call) {
  const auto invite = invite_of(call);
  if (!invite) return invite.error();
  const auto room = (*invite)->peer;
  if (!is_in(call, room)) return described(call, room);
  return call.make.object("chatInviteAlready", {{"chat", call.renderer().chat_of(room)}});
}

Answer import_invite(Call& call) {
  const auto invite = invite_of(call);
  if (!invite) return invite.error();
  const auto room = (*invite)->peer;
  if (is_in(call, room)) return bad_request("USER_ALREADY_PARTICIPANT");
  if (call.self().bot) return bad_request("BOT_METHOD_INVALID");
  if (room.is_channel()) {
    if (channels_of(call, call.user()) >= limits::channels_of_a_user) {
      return bad_request("CHANNELS_TOO_MUCH");
    }
    if (call.world.channels.find(room.channel())->members.size() >= limits::channel_members) {
      return bad_request("USERS_TOO_MUCH");
    }
  } else if (call.world.chats.find(room.chat())->members.size() >= limits::members) {
    return bad_request("USERS_TOO_MUCH");
  }
  call.world.join_by(**invite, call.user());
  return call.make.object("messages.chatInviteJoinResultOk", {{"updates", call.answer_updates()}});
}

}  // namespace

std::span<const Method> invite_methods() {
  static constexpr Method methods[] = {
      {"messages.exportChatInvite", Needs::somebody, export_invite},
      {"messages.getExportedChatInvites", Needs::somebody, get_invites},
      {"messages.checkChatInvite", Needs::somebody, check_invite},
      {"messages.importChatInvite", Needs::somebody, import_invite},
  };
  return methods;
}

}  // namespace server::sandbox
