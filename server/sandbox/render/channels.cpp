// Renderer: channels, supergroups, who is in them, and what happens there.
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int32_t for_ever = 2147483647;

Fields& set_rights(Fields& out, Rights rights, std::span<const std::string_view> names) {
  for (std::size_t i = 0; i < names.size(); ++i) out.flag(names[i], (rights >> i & 1U) != 0);
  return out;
}

Value admin_rights(const tl::Builder& make, Rights rights) {
  Fields out(make, "chatAdminRights");
  return set_rights(out, rights, admin_right::names).done();
}

Value banned_rights(const tl::Builder& make, Rights rights, std::int32_t until) {
  Fields out(make, "chatBannedRights");
  return set_rights(out, rights, ban_right::names)
      .number("until_date", until == 0 ? for_ever : until)
      .done();
}

}  // namespace

std::vector<Value> Renderer::names(const std::string& username) const {
  if (username.empty()) return {};
  return {make_.object("username", {{"editable", Value::boolean(true)},
                                    {"active", Value::boolean(true)},
                                    {"username", make_.string(username)}})};
}

Value Renderer::channel(ChannelId id) const {
  const auto* channel = world_.channels.find(id);
  if (channel == nullptr) return make_.object("chatEmpty", {{"id", Value::integer(id.value())}});
  const auto* ban = channel->ban_of(viewer_, world_.date());
  const bool kicked = ban != nullptr && (ban->rights & ban_right::view_messages) != 0;
  Fields out(make_, channel->gone || kicked ? "channelForbidden" : "channel");
  out.flag("broadcast", channel->broadcast)
      .flag("megagroup", !channel->broadcast)
      .number("id", id.value())
      .number("access_hash", channel->hash_for(viewer_))
      .text("title", channel->title);
  if (channel->gone) return out.done();
  if (kicked) return out.number("until_date", ban->until == 0 ? for_ever : ban->until).done();

  const auto member = channel->members.find(viewer_);
  const bool left = member == channel->members.end();
  out.flag("creator", channel->creator == viewer_)
      .flag("left", left)
      .set("photo", chat_photo(channel->photo))
      .number("date", left ? channel->date : member->second.date)
      .number("participants_count", static_cast<std::int64_t>(channel->members.size()));
  if (channel->is_public()) out.text("username", channel->username);
  if (channel->creator == viewer_) {
    out.set("admin_rights", admin_rights(make_, admin_right::all));
  } else if (const auto admin = channel->admins.find(viewer_); admin != channel->admins.end()) {
    out.set("admin_rights", admin_rights(make_, admin->second.rights));
  }
  if (ban != nullptr) out.set("banned_rights", banned_rights(make_, ban->rights, ban->until));
  if (!channel->broadcast) {
    out.set("default_banned_rights", banned_rights(make_, channel->default_banned, 0));
  }
  return out.done();
}

Value Renderer::full_channel(ChannelId id) {
  const auto& channel = *world_.channels.find(id);
  need(id);
  const auto peer = PeerKey::of(id);
  const auto* box = world_.find_box(viewer_);
  const auto* dialog = box != nullptr ? box->dialog(peer) : nullptr;
  std::vector<Value> bots;
  for (const auto& [member, how] : channel.members) {
    const auto* user = world_.accounts.find(member);
    if (user != nullptr && user->bot) bots.push_back(bot_info(*user));
  }
  std::int64_t kicked = 0;
  for (const auto& [user, ban] : channel.bans) {
    if ((ban.rights & ban_right::view_messages) != 0) ++kicked;
  }
  Fields out(make_, "channelFull");
  out.flag("can_view_participants", !channel.broadcast || channel.is_admin(viewer_))
      .flag("can_set_username", channel.creator == viewer_)
      .flag("has_scheduled", !world_.scheduled.of(viewer_, peer).empty())
      .flag("can_delete_channel", channel.creator == viewer_)
      .number("id", id.value())
      .text("about", channel.about)
      .number("participants_count", static_cast<std::int64_t>(channel.members.size()))
      .number("read_inbox_max_id", dialog != nullptr ? dialog->read_inbox : 0)
      .number("read_outbox_max_id", dialog != nullptr ? dialog->read_outbox : 0)
      .number("unread_count", dialog != nullptr ? world_.unread(viewer_, *dialog) : 0)
      .set("chat_photo", channel.photo ? profile_photo(*channel.photo)
                                       : make_.object("photoEmpty", {{"id", Value::integer(0)}}))
      .set("notify_settings", notify_settings(dialog != nullptr ? &dialog->notify : nullptr))
      .set("bot_info", make_.array(bots))
      .set("available_reactions", make_.object("chatReactionsAll", {}))
      .number("pts", channel.box.pts());
  if (channel.is_admin(viewer_)) {
    out.number("admins_count", static_cast<std::int64_t>(channel.admins.size()) + 1)
        .number("kicked_count", kicked)
        .number("banned_count", static_cast<std::int64_t>(channel.bans.size()) - kicked);
  }
  if (const auto* own = world_.invites.permanent(peer, viewer_)) {
    out.set("exported_invite", invite(*own));
  }
  if (const auto pinned = newest_pinned(peer)) out.number("pinned_msg_id", pinned);
  return out.done();
}

Value Renderer::participant(const Channel& channel, UserId user) {
  need(user);
  const auto id = Value::integer(user.value());
  if (user == channel.creator && channel.has(user)) {
    return make_.object("channelParticipantCreator",
                        {{"user_id", id}, {"admin_rights", admin_rights(make_, admin_right::all)}});
  }
  const auto member = channel.members.find(user);
  if (const auto* ban = channel.ban_of(user, world_.date())) {
    need(ban->by);
    Fields out(make_, "channelParticipantBanned");
    return out.flag("left", member == channel.members.end())
        .set("peer", peer(PeerKey::of(user)))
        .number("kicked_by", ban->by.value())
        .number("date", ban->date)
        .set("banned_rights", banned_rights(make_, ban->rights, ban->until))
        .done();
  }
  if (member == channel.members.end()) {
    return make_.object("channelParticipantLeft", {{"peer", peer(PeerKey::of(user))}});
  }
  need(member->second.inviter);
  if (const auto admin = channel.admins.find(user); admin != channel.admins.end()) {
    need(admin->second.promoted_by);
    Fields out(make_, "channelParticipantAdmin");
    out.flag("can_edit", viewer_ == channel.creator || viewer_ == admin->second.promoted_by)
        .flag("self", user == viewer_)
        .set("user_id", id);
    if (user == viewer_) out.number("inviter_id", member->second.inviter.value());
    out.number("promoted_by", admin->second.promoted_by.value())
        .number("date", admin->second.date)
        .set("admin_rights", admin_rights(make_, admin->second.rights));
    if (!admin->second.rank.empty()) out.text("rank", admin->second.rank);
    return out.done();
  }
  Fields out(make_, user == viewer_ ? "channelParticipantSelf" : "channelParticipant");
  out.set("user_id", id).number("date", member->second.date);
  if (user == viewer_) out.number("inviter_id", member->second.inviter.value());
  return out.done();
}

Value Renderer::channel_update(const Logged& logged, const Channel& channel) {
  const auto numbers = [&](const std::vector<std::int32_t>& ids) {
    std::vector<Value> out;
    for (const auto id : ids) out.push_back(Value::integer(id));
    return make_.array(out);
  };
  const auto with_pts = [&](Fields out) {
    return out.number("pts", logged.pts).number("pts_count", logged.pts_count).done();
  };
  const auto with_message = [&](std::string_view name, std::int32_t id) {
    const auto* found = channel.box.find(id);
    if (found == nullptr) return Value{};
    return with_pts(Fields(make_, name).set("message", message(*found)));
  };
  need(channel.id);
  if (const auto* added = std::get_if<NewMessage>(&logged.event)) {
    return with_message("updateNewChannelMessage", added->id);
  }
  if (const auto* edited = std::get_if<EditedMessage>(&logged.event)) {
    return with_message("updateEditChannelMessage", edited->id);
  }
  if (const auto* deleted = std::get_if<DeletedMessages>(&logged.event)) {
    return with_pts(Fields(make_, "updateDeleteChannelMessages")
                        .number("channel_id", channel.id.value())
                        .set("messages", numbers(deleted->ids)));
  }
  if (const auto* pins = std::get_if<PinnedMessages>(&logged.event)) {
    return with_pts(Fields(make_, "updatePinnedChannelMessages")
                        .flag("pinned", pins->pinned)
                        .number("channel_id", channel.id.value())
                        .set("messages", numbers(pins->ids)));
  }
  if (const auto* reacted = std::get_if<ReactionsChanged>(&logged.event)) {
    const auto* found = channel.box.find(reacted->id);
    if (found == nullptr) return {};
    return make_.object("updateMessageReactions", {{"peer", peer(found->peer)},
                                                   {"msg_id", Value::integer(found->id)},
                                                   {"reactions", reactions(*found->post)}});
  }
  return {};
}

}  // namespace server::sandbox
