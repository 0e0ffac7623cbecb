// The world's own numbers. Message ids are each account's own (private chats and basic groups have
// no common numbering) or a channel's; everything stays below 2^31, so that layers from before
// 64-bit ids can name it too.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "mtproto/ids.hpp"

namespace server::sandbox {

using UserId = mtproto::StrongId<struct UserIdTag, std::int64_t>;
using ChatId = mtproto::StrongId<struct ChatIdTag, std::int64_t>;
using ChannelId = mtproto::StrongId<struct ChannelIdTag, std::int64_t>;

// Somebody to write to: a user, a basic group, or a channel (a supergroup is one, too).
struct PeerKey {
  enum class Kind : std::uint8_t { user, chat, channel };
  Kind kind = Kind::user;
  std::int64_t id = 0;

  static PeerKey of(UserId user) { return {Kind::user, user.value()}; }
  static PeerKey of(ChatId chat) { return {Kind::chat, chat.value()}; }
  static PeerKey of(ChannelId channel) { return {Kind::channel, channel.value()}; }
  bool is_user() const { return kind == Kind::user; }
  bool is_chat() const { return kind == Kind::chat; }
  bool is_channel() const { return kind == Kind::channel; }
  UserId user() const { return UserId(id); }
  ChatId chat() const { return ChatId(id); }
  ChannelId channel() const { return ChannelId(id); }
  auto operator<=>(const PeerKey&) const = default;
};

}  // namespace server::sandbox

template <>
struct std::hash<server::sandbox::PeerKey> {
  std::size_t operator()(const server::sandbox::PeerKey& peer) const noexcept {
    return std::hash<std::int64_t>{}(peer.id * 3 + static_cast<std::int64_t>(peer.kind));
  }
};
