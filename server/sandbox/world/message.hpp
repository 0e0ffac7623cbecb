// A message as it was written once (Post), and as it lies in each account's box (BoxMessage).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "server/sandbox/world/files.hpp"
#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/keyboard.hpp"
#include "server/sandbox/world/poll.hpp"
#include "server/sandbox/world/text.hpp"

namespace server::sandbox {

struct ContactCard {
  std::string phone, first_name, last_name, vcard;
  UserId user;  // 0: nobody here
};
struct Place {
  double latitude = 0;
  double longitude = 0;
};
// A photo or a document, by the file's own word.
struct FileMedia {
  FilePtr file;
  bool spoiler = false;
};
struct PollMedia {
  PollPtr poll;
};
struct Dice {
  std::string emoticon;
  std::int32_t value = 0;  // as it fell
};
using Media = std::variant<std::monostate, FileMedia, ContactCard, Place, PollMedia, Dice>;

// What happened to a group.
struct ChatCreated {
  std::string title;
  std::vector<UserId> users;
};
struct ChatTitled {
  std::string title;
};
struct ChatJoined {
  std::vector<UserId> users;
};
struct ChatLeft {
  UserId user;
};
struct MessagePinned {};  // the one that it replies to
struct ChannelCreated {
  std::string title;
};
struct ChatPhotoed {
  FilePtr photo;  // none: it was taken away
};
struct ChatJoinedByLink {
  UserId inviter;  // whose link it was
};
using Action = std::variant<std::monostate, ChatCreated, ChatTitled, ChatJoined, ChatLeft,
                            MessagePinned, ChannelCreated, ChatPhotoed, ChatJoinedByLink>;

// Of what somebody keeps for themselves: where they had it from.
struct SavedFrom {
  PeerKey peer;  // the chat
  std::int32_t id = 0;
  bool out = false;  // it was their own, though it may name a channel
  // Of what had been forwarded to there already: who did so, and when.
  std::optional<PeerKey> sender;
  std::int32_t date = 0;
};

struct Forward {
  PeerKey from;  // a user, or a channel that speaks for itself
  std::int32_t date = 0;
  std::int32_t post = 0;  // its id in that channel
  std::optional<SavedFrom> saved;
};

struct Reaction {
  UserId user;
  std::string emoji;
  std::int32_t date = 0;
};

struct Post {
  // Where it lies: sorted by box. What was said in a channel lies there alone and has no copies.
  struct Copy {
    UserId box;
    std::int32_t id = 0;
  };

  UserId from;
  std::int32_t date = 0;
  std::int32_t edit_date = 0;
  std::string text;
  std::vector<Entity> entities;
  Media media;
  Action action;
  std::optional<Forward> forward;
  bool silent = false;
  bool noforwards = false;
  bool from_schedule = false;
  KeyboardPtr keyboard;             // none: no buttons
  std::vector<Reaction> reactions;  // one of each user, newest last
  std::set<UserId> viewers;         // of a channel's post; those above a limit are not counted
  std::int32_t forwards = 0;        // of a channel's post
  std::vector<Copy> copies;

  bool is_service() const { return action.index() != 0; }
  // Its id in that account's box, or 0.
  std::int32_t id_in(UserId box) const {
    const auto at = std::lower_bound(copies.begin(), copies.end(), box,
                                     [](const Copy& copy, UserId who) { return copy.box < who; });
    return at != copies.end() && at->box == box ? at->id : 0;
  }
};

using PostPtr = std::shared_ptr<Post>;

// Under which chat somebody finds again what they kept: the one that they had it from.
inline PeerKey kept_under(const Post& post, UserId owner) {
  if (!post.forward) return PeerKey::of(owner);
  return post.forward->saved ? post.forward->saved->peer : post.forward->from;
}

struct BoxMessage {
  std::int32_t id = 0;
  std::int32_t reply_to = 0;
  PeerKey peer;
  bool out = false;
  bool mentioned = false;
  PostPtr post;  // none: deleted
  bool pinned = false;
};

}  // namespace server::sandbox
