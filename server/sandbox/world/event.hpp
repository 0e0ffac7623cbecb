// What an account is told of. Those with pts are kept in its inbox's log or in the channel's, so
// that getDifference and getChannelDifference say the same as was pushed. core.telegram.org/api/updates
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/poll.hpp"

namespace server::sandbox {

struct NewMessage {
  std::int32_t id = 0;
};
struct EditedMessage {
  std::int32_t id = 0;
};
struct DeletedMessages {
  std::vector<std::int32_t> ids;
};
struct ReadInbox {
  PeerKey peer;
  std::int32_t max_id = 0;
  std::int32_t still_unread = 0;
};
struct ReadOutbox {
  PeerKey peer;
  std::int32_t max_id = 0;
};
struct PinnedMessages {
  PeerKey peer;
  std::vector<std::int32_t> ids;
  bool pinned = true;
};
// Without pts:
struct Typing {
  PeerKey peer;  // where
  UserId user;   // who
  std::string action;
  std::optional<std::int32_t> progress;
};
struct StatusChanged {
  UserId user;
};
struct NameChanged {
  UserId user;
};
struct ParticipantsChanged {
  ChatId chat;
};
struct NotifyChanged {
  PeerKey peer;
};
struct UserChanged {
  UserId user;
};
struct MarkChanged {
  PeerKey peer;
};
struct ReactionsChanged {
  std::int32_t id = 0;
};
struct BlockChanged {
  UserId user;
};
struct PrivacyChanged {
  std::string key;  // world/privacy.hpp
};
struct DraftChanged {
  PeerKey peer;
};
struct PollChanged {
  PollPtr poll;
};
struct CallbackAsked {
  std::int64_t query = 0;
};
struct CommandsChanged {
  UserId bot;
};
struct ScheduledAdded {
  PeerKey peer;
  std::int32_t id = 0;
};
struct ScheduledGone {
  PeerKey peer;
  std::vector<std::int32_t> ids;
  std::vector<std::int32_t> sent;  // as which they were sent
};
struct FolderChanged {
  std::int32_t id = 0;
};
struct FoldersOrdered {};
struct ChannelChanged {
  ChannelId channel;
};
struct ChannelReadInbox {
  ChannelId channel;
  std::int32_t max_id = 0;
};
struct ChannelReadOutbox {
  ChannelId channel;
  std::int32_t max_id = 0;
};

using Event = std::variant<NewMessage, EditedMessage, DeletedMessages, ReadInbox, ReadOutbox,
                           PinnedMessages, Typing, StatusChanged, NameChanged, ParticipantsChanged,
                           NotifyChanged, UserChanged, MarkChanged, DraftChanged, ReactionsChanged,
                           ChannelChanged, ChannelReadInbox, ChannelReadOutbox, PollChanged,
                           CallbackAsked, CommandsChanged, ScheduledAdded, ScheduledGone,
                           FolderChanged, FoldersOrdered, BlockChanged, PrivacyChanged>;

struct Logged {
  std::int32_t pts = 0;  // after it; 0: an event without
  std::int32_t pts_count = 0;
  Event event;
  ChannelId channel{};  // whose pts and message ids these are; 0: the account's own
};

// An event on its way to somebody.
struct Notice {
  UserId to;
  Logged what;
  bool caller_too = false;  // also to the session whose call caused it: its answer does not say it
};

}  // namespace server::sandbox
