// World: what happens to groups.
#include <algorithm>

#include "server/sandbox/world/world.hpp"

namespace server::sandbox {

const BoxMessage& World::announce(const Chat& chat, UserId by, Action action) {
  for (const auto& member : chat.members) tell(member.user, ParticipantsChanged{chat.id});
  Draft draft;
  draft.action = std::move(action);
  return send(by, PeerKey::of(chat.id), std::move(draft));
}

Chat& World::create_chat(UserId creator, std::string title, std::span<const UserId> users) {
  Chat made;
  made.id = chats.next_id();
  made.title = std::move(title);
  made.creator = creator;
  made.date = date_;
  made.members.push_back({creator, creator, date_});
  ChatCreated action{made.title, {creator}};
  for (const auto user : users) {
    if (made.member(user) != nullptr) continue;
    made.members.push_back({user, creator, date_});
    action.users.push_back(user);
  }
  auto& chat = chats.add(std::move(made));
  announce(chat, creator, std::move(action));
  return chat;
}

const BoxMessage& World::add_member(Chat& chat, UserId by, UserId user) {
  chat.members.push_back({user, by, date_});
  ++chat.version;
  return announce(chat, by, ChatJoined{{user}});
}

const BoxMessage& World::remove_member(Chat& chat, UserId by, UserId user) {
  // The one who goes still sees it.
  Draft draft;
  draft.action = ChatLeft{user};
  const auto id = send(by, PeerKey::of(chat.id), std::move(draft)).id;
  chat.admins.erase(user);
  std::erase_if(chat.members, [&](const Chat::Member& member) { return member.user == user; });
  ++chat.version;
  for (const auto& member : chat.members) tell(member.user, ParticipantsChanged{chat.id});
  tell(user, ParticipantsChanged{chat.id});
  return *box(by).find(id);
}

const BoxMessage& World::retitle(Chat& chat, UserId by, std::string title) {
  chat.title = std::move(title);
  ++chat.version;
  Draft draft;
  draft.action = ChatTitled{chat.title};
  return send(by, PeerKey::of(chat.id), std::move(draft));
}

void World::set_photo(Chat& chat, UserId by, FilePtr photo) {
  chat.photo = photo;
  ++chat.version;
  Draft draft;
  draft.action = ChatPhotoed{std::move(photo)};
  send(by, PeerKey::of(chat.id), std::move(draft));
}

void World::set_admin(Chat& chat, UserId user, bool is_admin) {
  if (is_admin ? !chat.admins.insert(user).second : chat.admins.erase(user) == 0) return;
  ++chat.version;
  ++changes_;
  // The call's answer does not say it.
  for (const auto& member : chat.members) tell(member.user, ParticipantsChanged{chat.id}, true);
}

void World::join_by(Invite& invite, UserId user) {
  ++invite.usage;
  const ChatJoinedByLink action{invite.admin};
  if (invite.peer.is_channel()) {
    auto& channel = *channels.find(invite.peer.channel());
    let_in(channel, invite.admin, {&user, 1});
    if (!channel.broadcast) announce(channel, user, action);
    return;
  }
  auto& chat = *chats.find(invite.peer.chat());
  chat.members.push_back({user, invite.admin, date_});
  ++chat.version;
  announce(chat, user, action);
}

}  // namespace server::sandbox
