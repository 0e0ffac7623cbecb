// users.*, photos.*
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

Answer get_users(Call& call) {
  const auto render = call.renderer();
  std::vector<Value> users;
  for (const auto& input :
       call.args["id"].items().first(std::min(call.args["id"].items().size(), limits::page))) {
    const auto user = call.user_of(input);
    // Who can't be named is left out, unless nobody can.
    if (!user && call.args["id"].items().size() == 1) return user.error();
    if (user) users.push_back(render.user(*user));
  }
  return call.make.array(users);
}

Answer get_full_user(Call& call) {
  const auto user = call.user_of(call.args["id"]);
  if (!user) return user.error();
  auto render = call.renderer();
  const auto full = render.full_user(*user);
  return call.make.object(
      "users.userFull",
      {{"full_user", full}, {"chats", render.chats()}, {"users", render.users()}});
}

Answer get_user_photos(Call& call) {
  const auto user = call.user_of(call.args["user_id"]);
  if (!user) return user.error();
  const auto none = call.make.array(std::span<const Value>{});
  return call.make.object("photos.photos", {{"photos", none}, {"users", none}});
}

}  // namespace

std::span<const Method> user_methods() {
  static constexpr Method methods[] = {
      {"users.getUsers", Needs::somebody, get_users},
      {"users.getFullUser", Needs::somebody, get_full_user},
      {"photos.getUserPhotos", Needs::somebody, get_user_photos},
  };
  return methods;
}

}  // namespace server::sandbox
