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

}  // namespace server::sandbox
