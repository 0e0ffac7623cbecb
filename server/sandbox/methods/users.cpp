// users.*, photos.*
#include "server/sandbox/methods/media.hpp"
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
  const auto& photo = call.world.accounts.find(*user)->photo;
  const bool there = photo && call.number("offset") == 0;
  return call.make.object(
      "photos.photos",
      {{"photos", there ? call.make.array({call.renderer().profile_photo(*photo)}) : none},
       {"users", there ? call.make.array({call.renderer().user(*user)}) : none}});
}

Value show_photo(Call& call, FilePtr photo) {
  auto& user = call.self();
  user.photo = std::move(photo);
  call.world.tell(user.id, UserChanged{user.id});
  call.world.tell_friends(user.id, UserChanged{user.id});
  call.world.changed();
  const auto render = call.renderer();
  const auto shown = user.photo ? render.profile_photo(*user.photo)
                                : call.make.object("photoEmpty", {{"id", Value::integer(0)}});
  return call.make.object("photos.photo",
                          {{"photo", shown}, {"users", call.make.array({render.user(user.id)})}});
}

Answer upload_photo(Call& call) {
  if (call.has("bot") || call.flag("fallback")) return not_played();
  if (!call.has("file")) return bad_request("PHOTO_FILE_MISSING");
  const auto media =
      media_of(call, call.make.object("inputMediaUploadedPhoto", {{"file", call.args["file"]}}));
  if (!media) return media.error();
  return show_photo(call, std::get<FileMedia>(*media).file);
}

Answer update_photo(Call& call) {
  if (call.has("bot") || call.flag("fallback")) return not_played();
  const auto& input = call.args["id"];
  if (input.constructor() == "inputPhotoEmpty") return show_photo(call, nullptr);
  const auto file = call.world.files.find(input["id"].as_int64().value_or(0));
  if (!file || !file->photo || file->access_hash != input["access_hash"].as_int64()) {
    return bad_request("PHOTO_ID_INVALID");
  }
  return show_photo(call, file);
}

Answer delete_photos(Call& call) {
  std::vector<Value> gone;
  for (const auto& input : call.args["id"].items()) {
    const auto& photo = call.self().photo;
    if (!photo || photo->id != input["id"].as_int64()) continue;
    gone.push_back(Value::integer(photo->id));
    show_photo(call, nullptr);
  }
  return call.make.array(gone);
}

}  // namespace

std::span<const Method> user_methods() {
  static constexpr Method methods[] = {
      {"users.getUsers", Needs::somebody, get_users},
      {"users.getFullUser", Needs::somebody, get_full_user},
      {"photos.uploadProfilePhoto", Needs::somebody, upload_photo},
      {"photos.updateProfilePhoto", Needs::somebody, update_photo},
      {"photos.deletePhotos", Needs::somebody, delete_photos},
      {"photos.getUserPhotos", Needs::somebody, get_user_photos},
  };
  return methods;
}

}  // namespace server::sandbox
