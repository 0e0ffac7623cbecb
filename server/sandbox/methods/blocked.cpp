// Who is blocked: whoever is can't write to whoever did it, and the other way round.
// core.telegram.org/api/block
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

Outcome<UserId> whom(const Call& call) {
  const auto user = call.user_of(call.args["id"]);
  if (!user) return bad_request("PEER_ID_INVALID");
  if (*user == call.user()) return bad_request("CONTACT_ID_INVALID");
  return user;
}

Answer block_user(Call& call) {
  if (call.flag("my_stories_from")) return not_played();
  const auto user = whom(call);
  if (!user) return user.error();
  auto& blocked = call.self().blocked;
  if (blocked.contains(*user)) return yes();
  if (blocked.size() >= limits::blocked) return bad_request("BLOCKED_TOO_MUCH");
  blocked[*user] = call.world.date();
  call.world.tell(call.user(), BlockChanged{*user});
  call.world.changed();
  return yes();
}

Answer unblock_user(Call& call) {
  if (call.flag("my_stories_from")) return not_played();
  const auto user = whom(call);
  if (!user) return user.error();
  if (call.self().blocked.erase(*user) == 0) return yes();
  call.world.tell(call.user(), BlockChanged{*user});
  call.world.changed();
  return yes();
}

// Who was blocked last comes first.
Answer get_blocked(Call& call) {
  std::vector<std::pair<std::int32_t, UserId>> sorted;
  if (!call.flag("my_stories_from")) {
    for (const auto& [user, since] : call.self().blocked) sorted.emplace_back(-since, user);
  }
  std::sort(sorted.begin(), sorted.end());
  const auto size = static_cast<std::int64_t>(sorted.size());
  const auto from = std::clamp<std::int64_t>(call.number("offset"), 0, size);
  const auto limit = std::clamp<std::int64_t>(call.number("limit"), 0, limits::page);
  auto render = call.renderer();
  std::vector<Value> list;
  for (auto i = from; i < std::min(size, from + limit); ++i) {
    const auto& [since, user] = sorted[static_cast<std::size_t>(i)];
    list.push_back(
        call.make.object("peerBlocked", {{"peer_id", render.peer(PeerKey::of(user))},
                                         {"date", Value::integer(-std::int64_t{since})}}));
  }
  const bool whole = static_cast<std::int64_t>(list.size()) == size;
  Fields out(call.make, whole ? "contacts.blocked" : "contacts.blockedSlice");
  if (!whole) out.number("count", size);
  return out.set("blocked", call.make.array(list))
      .set("chats", render.chats())
      .set("users", render.users())
      .done();
}

}  // namespace

std::span<const Method> block_methods() {
  static constexpr Method methods[] = {
      {"contacts.block", Needs::somebody, block_user},
      {"contacts.unblock", Needs::somebody, unblock_user},
      {"contacts.getBlocked", Needs::somebody, get_blocked},
  };
  return methods;
}

}  // namespace server::sandbox
