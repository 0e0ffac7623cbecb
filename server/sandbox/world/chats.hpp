// Basic groups: up to 200 members, no numbering of their own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/sandbox/world/files.hpp"
#include "server/sandbox/world/ids.hpp"

namespace server::sandbox {

struct Chat {
  struct Member {
    UserId user;
    UserId inviter;
    std::int32_t date = 0;
  };

  ChatId id;
  std::string title;
  UserId creator;
  std::int32_t date = 0;
  std::int32_t version = 1;
  std::vector<Member> members;
  std::set<UserId> admins;  // without the creator
  FilePtr photo;            // none: without one

  bool is_admin(UserId user) const { return user == creator || admins.contains(user); }
  const Member* member(UserId user) const {
    const auto at = std::find_if(members.begin(), members.end(),
                                 [&](const Member& member) { return member.user == user; });
    return at == members.end() ? nullptr : &*at;
  }
};

class Chats {
 public:
  Chat& add(Chat chat) {
    const auto id = chat.id;
    next_id_ = std::max(next_id_, id.value() + 1);
    return chats_[id] = std::move(chat);
  }
  ChatId next_id() { return ChatId(next_id_++); }
  Chat* find(ChatId id) {
    const auto found = chats_.find(id);
    return found == chats_.end() ? nullptr : &found->second;
  }
  const Chat* find(ChatId id) const { return const_cast<Chats*>(this)->find(id); }
  const std::unordered_map<ChatId, Chat>& all() const { return chats_; }

 private:
  std::unordered_map<ChatId, Chat> chats_;
  std::int64_t next_id_ = 2001;
};

}  // namespace server::sandbox
