// Links by which people come into groups and channels. core.telegram.org/api/invites
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/sandbox/world/ids.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

struct Invite {
  std::string hash;  // what stands behind https://t.me/+
  PeerKey peer;      // a group or a channel
  UserId admin;      // who made it
  std::int32_t date = 0;
  std::int32_t expire_date = 0;  // unix time; 0: never
  std::int32_t usage_limit = 0;  // 0: none
  std::int32_t usage = 0;        // how many came by it
  std::string title;
  bool permanent = false;  // that administrator's own, of which there is one
  bool revoked = false;

  bool is_good(std::int32_t now) const {
    return !revoked && (expire_date == 0 || expire_date > now) &&
           (usage_limit == 0 || usage < usage_limit);
  }
  std::string link() const { return "https://t.me/+" + hash; }
};

class Invites {
 public:
  // Draws its hash, where it has none.
  Invite& add(Invite invite, tl::Random& random);
  void restore(Invite invite);
  Invite* find(std::string_view hash);
  // Those of a group or channel, as they were made.
  std::vector<const Invite*> of(PeerKey peer) const;
  // That administrator's permanent one that is not revoked; null: there is none.
  Invite* permanent(PeerKey peer, UserId admin);
  const Invite* permanent(PeerKey peer, UserId admin) const {
    return const_cast<Invites*>(this)->permanent(peer, admin);
  }
  const std::map<std::string, Invite, std::less<>>& all() const { return invites_; }

 private:
  std::map<std::string, Invite, std::less<>> invites_;
  std::unordered_map<PeerKey, std::vector<std::string>> by_peer_;
};

}  // namespace server::sandbox
