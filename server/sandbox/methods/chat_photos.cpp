// The photos of groups and channels. core.telegram.org/method/messages.editChatPhoto
#include "server/sandbox/methods/media.hpp"

namespace server::sandbox {

using tl::Value;

Outcome<FilePtr> chat_photo_of(Call& call, const Value& input) {
  const auto kind = input.constructor();
  if (kind == "inputChatPhotoEmpty") return FilePtr{};
  if (kind == "inputChatPhoto") return file_of(call, input["id"], true);
  if (kind != "inputChatUploadedPhoto") return bad_request("PHOTO_INVALID");
  // Videos and emoji in a photo's place.
  if (input["file"].is_null()) return not_played();
  const auto media =
      media_of(call, call.make.object("inputMediaUploadedPhoto", {{"file", input["file"]}}));
  if (!media) return media.error();
  return std::get<FileMedia>(*media).file;
}

namespace {

template <class Room>
Answer show(Call& call, Room& room) {
  auto photo = chat_photo_of(call, call.args["photo"]);
  if (!photo) return photo.error();
  if (*photo == room.photo) return bad_request("CHAT_NOT_MODIFIED");
  call.world.set_photo(room, call.user(), std::move(*photo));
  return call.answer_updates();
}

Answer edit_chat_photo(Call& call) {
  const auto id = call.chat_of(call.number("chat_id"));
  if (!id) return id.error();
  return show(call, *call.world.chats.find(*id));
}

Answer edit_channel_photo(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  if (!(*found)->may(call.user(), admin_right::change_info)) {
    return bad_request("CHAT_ADMIN_REQUIRED");
  }
  return show(call, **found);
}

}  // namespace

std::span<const Method> chat_photo_methods() {
  static constexpr Method methods[] = {
      {"messages.editChatPhoto", Needs::somebody, edit_chat_photo},
      {"channels.editPhoto", Needs::somebody, edit_channel_photo},
  };
  return methods;
}

}  // namespace server::sandbox
