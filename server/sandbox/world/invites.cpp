#include "server/sandbox/world/invites.hpp"

#include <utility>

namespace server::sandbox {

Invite& Invites::add(Invite invite, tl::Random& random) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  std::uint8_t bytes[16];
  random.fill(bytes);
  for (const auto byte : bytes) invite.hash += alphabet[byte % alphabet.size()];
  auto hash = invite.hash;
  restore(std::move(invite));
  return invites_.find(hash)->second;
}

void Invites::restore(Invite invite) {
  by_peer_[invite.peer].push_back(invite.hash);
  auto hash = invite.hash;
  invites_.insert_or_assign(std::move(hash), std::move(invite));
}

Invite* Invites::find(std::string_view hash) {
  const auto found = invites_.find(hash);
  return found == invites_.end() ? nullptr : &found->second;
}

std::vector<const Invite*> Invites::of(PeerKey peer) const {
  std::vector<const Invite*> out;
  const auto found = by_peer_.find(peer);
  if (found == by_peer_.end()) return out;
  for (const auto& hash : found->second) out.push_back(&invites_.find(hash)->second);
  return out;
}

Invite* Invites::permanent(PeerKey peer, UserId admin) {
  const auto found = by_peer_.find(peer);
  if (found == by_peer_.end()) return nullptr;
  for (const auto& hash : found->second) {
    auto& invite = invites_.find(hash)->second;
    if (invite.permanent && !invite.revoked && invite.admin == admin) return &invite;
  }
  return nullptr;
}

}  // namespace server::sandbox
