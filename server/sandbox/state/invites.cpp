// Parts of the state file: links into groups and channels.
#include <boost/json/array.hpp>
#include <set>

#include "server/sandbox/state/parts.hpp"

namespace server::sandbox::state {

namespace json = boost::json;

// Those of a group or channel as they were made.
json::array invites_to_json(const Invites& invites) {
  std::set<PeerKey> peers;
  for (const auto& [hash, invite] : invites.all()) peers.insert(invite.peer);
  json::array out;
  for (const auto peer : peers) {
    for (const auto* invite : invites.of(peer)) {
      out.push_back(json::object{{"hash", invite->hash},
                                 {"peer", peer_to_json(peer)},
                                 {"admin", invite->admin.value()},
                                 {"date", invite->date},
                                 {"expire_date", invite->expire_date},
                                 {"usage_limit", invite->usage_limit},
                                 {"usage", invite->usage},
                                 {"title", invite->title},
                                 {"permanent", invite->permanent},
                                 {"revoked", invite->revoked}});
    }
  }
  return out;
}

void invites_from_json(const json::array& in, World& world) {
  for (const auto& item : in) {
    const auto& from = item.as_object();
    Invite invite;
    invite.hash = text(from, "hash");
    invite.peer = peer_from_json(from.at("peer"));
    invite.admin = UserId(number(from, "admin"));
    invite.date = number32(from, "date");
    invite.expire_date = number32(from, "expire_date");
    invite.usage_limit = number32(from, "usage_limit");
    invite.usage = number32(from, "usage");
    invite.title = text(from, "title");
    invite.permanent = from.at("permanent").as_bool();
    invite.revoked = from.at("revoked").as_bool();
    const bool there =
        invite.peer.is_channel()
            ? world.channels.find(invite.peer.channel()) != nullptr
            : invite.peer.is_chat() && world.chats.find(invite.peer.chat()) != nullptr;
    if (there) world.invites.restore(std::move(invite));
  }
}

}  // namespace server::sandbox::state
