// auth.bindTempAuthKey on the server: whether a temporary key may speak for a permanent one.
// core.telegram.org/method/auth.bindTempAuthKey
#include <algorithm>

#include "mtproto/host/key_ring.hpp"
#include "mtproto/message/bind_message.hpp"

namespace mtproto {
namespace {

// The client counts the same seconds from another moment, by another clock.
constexpr Duration clocks_differ = std::chrono::minutes{5};

constexpr std::string_view bound = "";
constexpr std::string_view message_invalid = "ENCRYPTED_MESSAGE_INVALID";

bool fits(std::int32_t expires_at, UnixTime expiry, UnixTime wall) {
  const UnixTime said{std::chrono::seconds{expires_at}};
  return said > wall && std::chrono::abs(said - expiry) <= clocks_differ;
}

}  // namespace

std::string_view KeyRing::bind(const SessionAddress& from, MessageId message, ByteView query,
                               Time now, UnixTime wall) {
  auto* temporary = state_->find(from.key, now);
  if (temporary == nullptr || !temporary->expires) return "TEMP_AUTH_KEY_EMPTY";
  const auto request = read_service<BindTempAuthKey>(query);
  if (!request) return message_invalid;
  const auto* permanent = state_->find(request->perm_auth_key_id, now);
  if (permanent == nullptr || permanent->expires) return message_invalid;
  const auto opened = open_binding(permanent->key, request->encrypted_message);
  if (!opened) return message_invalid;
  const auto& inner = opened->inner;
  const bool same = opened->message == message && inner.nonce == request->nonce &&
                    inner.temp_auth_key_id == from.key &&
                    inner.perm_auth_key_id == request->perm_auth_key_id &&
                    inner.temp_session_id == from.session;
  if (!same) return message_invalid;
  if (inner.expires_at != request->expires_at ||
      !fits(inner.expires_at, wall + (*temporary->expires - now), wall)) {
    return "EXPIRES_AT_INVALID";
  }
  if (temporary->owner && *temporary->owner != request->perm_auth_key_id) {
    return "TEMP_AUTH_KEY_ALREADY_BOUND";
  }
  temporary->owner = request->perm_auth_key_id;
  return bound;
}

std::optional<AuthKeyId> KeyRing::owner(AuthKeyId id) const {
  const auto at = state_->keys.find(id);
  if (at == state_->keys.end() || !at->second.expires) return id;
  return at->second.owner;
}

void KeyRing::drop_temporary(AuthKeyId owner, std::span<const AuthKeyId> except) {
  std::erase_if(state_->keys, [&](const auto& it) {
    return it.second.owner == owner &&
           std::find(except.begin(), except.end(), it.first) == except.end();
  });
}

void KeyRing::supersede(AuthKeyId id) {
  if (const auto at = state_->keys.find(id); at != state_->keys.end()) {
    at->second.superseded = true;
  }
}

bool KeyRing::superseded(AuthKeyId id) const {
  const auto at = state_->keys.find(id);
  return at != state_->keys.end() && at->second.superseded;
}

// A key, and the temporary ones that speak for it.
void KeyRing::State::erase(AuthKeyId id) {
  std::erase_if(keys, [&](const auto& it) { return it.first == id || it.second.owner == id; });
}

void KeyRing::State::erase_expired(Time now) {
  std::erase_if(keys,
                [&](const auto& it) { return it.second.expires && *it.second.expires <= now; });
}

}  // namespace mtproto
