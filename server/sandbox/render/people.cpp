// Renderer: users and groups.
#include <algorithm>

#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

std::int32_t Renderer::newest_pinned(PeerKey peer) const {
  const auto& ids = world_.ids_of(viewer_, peer);
  const auto found = std::find_if(ids.rbegin(), ids.rend(), [&](std::int32_t id) {
    const auto* message = world_.message(viewer_, peer, id);
    return message != nullptr && message->pinned;
  });
  return found == ids.rend() ? 0 : *found;
}

void Renderer::need(UserId user) {
  if (std::find(users_.begin(), users_.end(), user) == users_.end()) users_.push_back(user);
}

void Renderer::need_chat(PeerKey peer) {
  if (std::find(chats_.begin(), chats_.end(), peer) == chats_.end()) chats_.push_back(peer);
}

Value Renderer::chat_of(PeerKey peer) const {
  return peer.is_channel() ? channel(peer.channel()) : chat(peer.chat());
}

Value Renderer::users() const {
  std::vector<Value> out;
  out.reserve(users_.size());
  for (const auto id : users_) out.push_back(user(id));
  return make_.array(out);
}

Value Renderer::chats() const {
  std::vector<Value> out;
  out.reserve(chats_.size());
  for (const auto peer : chats_) out.push_back(chat_of(peer));
  return make_.array(out);
}

Value Renderer::peer(PeerKey peer) {
  if (peer.is_user()) {
    need(peer.user());
    return make_.object("peerUser", {{"user_id", Value::integer(peer.id)}});
  }
  need_chat(peer);
  if (peer.is_channel()) {
    return make_.object("peerChannel", {{"channel_id", Value::integer(peer.id)}});
  }
  return make_.object("peerChat", {{"chat_id", Value::integer(peer.id)}});
}

Value Renderer::status(const User& user) const {
  if (user.online_until > world_.date()) {
    return make_.object("userStatusOnline", {{"expires", Value::integer(user.online_until)}});
  }
  if (user.was_online != 0) {
    return make_.object("userStatusOffline", {{"was_online", Value::integer(user.was_online)}});
  }
  return make_.object("userStatusRecently", {});
}

namespace {

// What an administrator of a basic group may do.
constexpr std::string_view group_admin_rights[] = {"change_info", "delete_messages", "ban_users",
                                                   "invite_users", "pin_messages"};

}  // namespace

Value Renderer::user(UserId id) const {
  const auto* user = world_.accounts.find(id);
  if (user == nullptr) return make_.object("userEmpty", {{"id", Value::integer(id.value())}});
  const auto* viewer = world_.accounts.find(viewer_);
  const Contact* contact = nullptr;
  if (viewer != nullptr) {
    if (const auto found = viewer->contacts.find(id); found != viewer->contacts.end()) {
      contact = &found->second;
    }
  }
  const bool mutual = contact != nullptr && user->contacts.contains(viewer_);
  Fields out(make_, "user");
  out.flag("self", id == viewer_)
      .flag("contact", contact != nullptr)
      .flag("mutual_contact", mutual)
      .flag("verified", user->support)
      .flag("support", user->support);
  if (user->bot) out.flag("bot").number("bot_info_version", 1);
  out.number("id", id.value()).number("access_hash", user->access_hash);
  // A contact is called what its owner calls it.
  const auto& first = contact != nullptr ? contact->first_name : user->first_name;
  const auto& last = contact != nullptr ? contact->last_name : user->last_name;
  if (!first.empty()) out.text("first_name", first);
  if (!last.empty()) out.text("last_name", last);
  if (!user->username.empty()) out.text("username", user->username);
  if (!user->phone.empty() && (id == viewer_ || contact != nullptr || user->support)) {
    out.text("phone", user->phone);
  }
  if (user->photo) {
    out.set("photo",
            make_.object("userProfilePhoto", {{"photo_id", Value::integer(user->photo->id)},
                                              {"dc_id", Value::integer(user->photo->dc)}}));
  }
  if (!user->bot) out.set("status", status(*user));
  return out.done();
}

Value Renderer::notify_settings(const Notify* notify) const {
  Fields out(make_, "peerNotifySettings");
  if (notify != nullptr) {
    if (notify->show_previews) out.boolean("show_previews", *notify->show_previews);
    if (notify->silent) out.boolean("silent", *notify->silent);
    if (notify->mute_until) out.number("mute_until", *notify->mute_until);
  }
  return out.done();
}

Value Renderer::peer_settings() const { return make_.object("peerSettings", {}); }

Value Renderer::full_user(UserId id) {
  need(id);
  const auto* user = world_.accounts.find(id);
  const auto* box = world_.find_box(viewer_);
  const auto* dialog = box != nullptr ? box->dialog(PeerKey::of(id)) : nullptr;
  std::int64_t common = 0;
  for (const auto& [chat_id, chat] : world_.chats.all()) {
    if (id != viewer_ && chat.member(id) != nullptr && chat.member(viewer_) != nullptr) ++common;
  }
  for (const auto& [channel_id, channel] : world_.channels.all()) {
    if (id != viewer_ && !channel.broadcast && channel.has(id) && channel.has(viewer_)) ++common;
  }
  Fields out(make_, "userFull");
  out.flag("blocked", world_.accounts.blocks(viewer_, id))
      .flag("can_pin_message")
      .flag("has_scheduled", !world_.scheduled.of(viewer_, PeerKey::of(id)).empty())
      .number("id", id.value());
  if (user != nullptr && !user->about.empty()) out.text("about", user->about);
  if (user != nullptr && user->photo) out.set("profile_photo", profile_photo(*user->photo));
  if (const auto pinned = newest_pinned(PeerKey::of(id))) out.number("pinned_msg_id", pinned);
  out.set("settings", peer_settings())
      .set("notify_settings", notify_settings(dialog != nullptr ? &dialog->notify : nullptr));
  if (user != nullptr && user->bot) {
    out.set("bot_info", bot_info(*user));
  }
  out.number("common_chats_count", common);
  return out.done();
}

Value Renderer::chat(ChatId id) const {
  const auto* chat = world_.chats.find(id);
  if (chat == nullptr) return make_.object("chatEmpty", {{"id", Value::integer(id.value())}});
  const bool member = chat->member(viewer_) != nullptr;
  Fields out(make_, "chat");
  out.flag("creator", chat->creator == viewer_)
      .flag("left", !member)
      .number("id", id.value())
      .text("title", chat->title)
      .set("photo", chat_photo(chat->photo))
      .number("participants_count", static_cast<std::int64_t>(chat->members.size()))
      .number("date", chat->date)
      .number("version", chat->version);
  if (chat->admins.contains(viewer_)) {
    Fields rights(make_, "chatAdminRights");
    for (const auto name : group_admin_rights) rights.flag(name);
    out.set("admin_rights", rights.done());
  }
  out.set("default_banned_rights",
          make_.object("chatBannedRights", {{"until_date", Value::integer(2147483647)}}));
  return out.done();
}

Value Renderer::participants(ChatId id) {
  const auto* chat = world_.chats.find(id);
  need(id);
  if (chat == nullptr || chat->member(viewer_) == nullptr) {
    return make_.object("chatParticipantsForbidden", {{"chat_id", Value::integer(id.value())}});
  }
  std::vector<Value> members;
  for (const auto& member : chat->members) {
    need(member.user);
    if (member.user == chat->creator) {
      members.push_back(make_.object("chatParticipantCreator",
                                     {{"user_id", Value::integer(member.user.value())}}));
    } else {
      const bool admin = chat->admins.contains(member.user);
      members.push_back(make_.object(admin ? "chatParticipantAdmin" : "chatParticipant",
                                     {{"user_id", Value::integer(member.user.value())},
                                      {"inviter_id", Value::integer(member.inviter.value())},
                                      {"date", Value::integer(member.date)}}));
    }
  }
  return make_.object("chatParticipants", {{"chat_id", Value::integer(id.value())},
                                           {"participants", make_.array(members)},
                                           {"version", Value::integer(chat->version)}});
}

Value Renderer::full_chat(ChatId id) {
  const auto* box = world_.find_box(viewer_);
  const auto* dialog = box != nullptr ? box->dialog(PeerKey::of(id)) : nullptr;
  Fields out(make_, "chatFull");
  out.flag("has_scheduled", !world_.scheduled.of(viewer_, PeerKey::of(id)).empty());
  if (const auto pinned = newest_pinned(PeerKey::of(id))) out.number("pinned_msg_id", pinned);
  out.number("id", id.value())
      .text("about", "")
      .set("participants", participants(id))
      .set("notify_settings", notify_settings(dialog != nullptr ? &dialog->notify : nullptr));
  const auto* chat = world_.chats.find(id);
  if (chat != nullptr && chat->photo) out.set("chat_photo", profile_photo(*chat->photo));
  if (const auto* own = world_.invites.permanent(PeerKey::of(id), viewer_)) {
    out.set("exported_invite", invite(*own));
  }
  return out.done();
}

}  // namespace server::sandbox
