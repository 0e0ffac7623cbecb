#include "server/account/peer_names.hpp"

#include <algorithm>

namespace server::account {

namespace {

// Names are case-insensitive, and written with or without an @.
std::string plain_name(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);
  std::string out(name);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The access hash of the user or chat `id` among `list`; none where it is not there.
std::optional<std::int64_t> access_hash(const tl::Value& list, std::int64_t id) {
  for (const auto& one : list.items()) {
    if (one["id"].as_int64() == id) return one["access_hash"].as_int64().value_or(0);
  }
  return std::nullopt;
}

std::optional<tl::Peer> resolved_peer(const tl::Value& resolved) {
  using Kind = tl::Peer::Kind;
  const auto& peer = resolved["peer"];
  const auto read = [&](Kind kind, std::string_view key,
                        std::string_view list) -> std::optional<tl::Peer> {
    const auto id = peer[key].as_int64();
    if (!id) return std::nullopt;
    const auto hash = access_hash(resolved[list], *id);
    if (!hash) return std::nullopt;
    return tl::Peer{kind, *id, *hash};
  };
  if (peer.constructor() == "peerUser") return read(Kind::user, "user_id", "users");
  if (peer.constructor() == "peerChannel") return read(Kind::channel, "channel_id", "chats");
  if (peer.constructor() == "peerChat") return read(Kind::chat, "chat_id", "chats");
  return std::nullopt;
}

}  // namespace

std::optional<tl::Peer> PeerNames::find(std::string_view name) const {
  const auto found = names_.find(plain_name(name));
  if (found == names_.end()) return std::nullopt;
  return found->second.peer;
}

void PeerNames::expire(mtproto::Time now) {
  names_.erase_if([&](const auto& entry) { return now - entry.second.learned >= max_age; });
}

bool PeerNames::learn(std::string_view name, const tl::Value& resolved, mtproto::Time now) {
  const auto peer = resolved_peer(resolved);
  if (!peer) return false;
  expire(now);
  names_.put(plain_name(name), Entry{*peer, now});
  if (names_.size() > max_names) {
    names_.erase(std::ranges::min_element(names_, {},
                                          [](const auto& entry) { return entry.second.learned; }));
  }
  return true;
}

tl::Value PeerNames::question(std::string_view name, tl::Arena& arena) {
  if (name.starts_with('@')) name.remove_prefix(1);
  const tl::Builder builder(arena);
  return builder.object("contacts.resolveUsername", {{"username", builder.string(name)}});
}

}  // namespace server::account
