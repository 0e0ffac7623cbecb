// The world's own numbers. Message ids are each account's own (private chats and basic groups have
// no common numbering); everything stays below 2^31, so that layers from before 64-bit ids can
// name it too.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "mtproto/ids.hpp"

namespace server::sandbox {

using UserId = mtproto::StrongId<struct UserIdTag, std::int64_t>;
using ChatId = mtproto::StrongId<struct ChatIdTag, std::int64_t>;

// Somebody to write to: a user or a basic group.
struct PeerKey {
  enum class Kind : std::uint8_t { user, chat };
  Kind kind = Kind::user;
  std::int64_t id = 0;

  static PeerKey of(UserId user) { return {Kind::user, user.value()}; }
  static PeerKey of(ChatId chat) { return {Kind::chat, chat.value()}; }
  bool is_user() const { return kind == Kind::user; }
  UserId user() const { return UserId(id); }
  ChatId chat() const { return ChatId(id); }
  auto operator<=>(const PeerKey&) const = default;
};

}  // namespace server::sandbox

template <>
struct std::hash<server::sandbox::PeerKey> {
  std::size_t operator()(const server::sandbox::PeerKey& peer) const noexcept {
    return std::hash<std::int64_t>{}(peer.id * 2 + (peer.is_user() ? 0 : 1));
  }
};
