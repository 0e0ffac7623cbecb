#include "mtproto/host/key_ring.hpp"

#include <algorithm>

namespace mtproto {
namespace {

constexpr std::size_t most_sessions = 64;

}  // namespace

HostSession* HostKey::find(SessionId id) {
  const auto at = sessions.find(id);
  return at == sessions.end() ? nullptr : &at->second;
}

HostSession& HostKey::add(SessionId id, Time now) {
  if (sessions.size() >= most_sessions) {
    sessions.erase(std::min_element(
        sessions.begin(), sessions.end(),
        [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
  }
  auto& session = sessions[id];
  session.used = now;
  return session;
}

HostKey* KeyRing::State::find(AuthKeyId id, Time now) {
  const auto at = keys.find(id);
  if (at == keys.end()) return nullptr;
  if (at->second.expires && *at->second.expires <= now) {
    keys.erase(at);
    return nullptr;
  }
  return &at->second;
}

HostSession* KeyRing::State::find(const SessionAddress& address, Time now) {
  auto* key = find(address.key, now);
  return key == nullptr ? nullptr : key->find(address.session);
}

KeyRing::KeyRing() : state_(std::make_unique<State>()) {}

KeyRing::~KeyRing() = default;

void KeyRing::add(const AuthKey& key, std::uint64_t first_salt, Time now,
                  std::optional<std::int32_t> expires_in, bool test) {
  std::optional<Time> expires;
  if (expires_in) expires = now + std::chrono::seconds{*expires_in};
  state_->keys.insert_or_assign(
      key.id(), HostKey{key, SaltSchedule(first_salt, now), expires, {}, {}, false, test});
}

const AuthKey* KeyRing::find(AuthKeyId id) const {
  const auto at = state_->keys.find(id);
  return at == state_->keys.end() ? nullptr : &at->second.key;
}

bool KeyRing::test(AuthKeyId id) const {
  const auto at = state_->keys.find(id);
  return at != state_->keys.end() && at->second.test;
}

void KeyRing::remove(AuthKeyId id) { state_->erase(id); }

std::vector<AuthKey> KeyRing::keys() const {
  std::vector<AuthKey> out;
  for (const auto& [id, key] : state_->keys) {
    if (!key.expires) out.push_back(key.key);
  }
  return out;
}

}  // namespace mtproto
