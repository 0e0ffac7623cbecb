// upload.*: parts in, pieces out. core.telegram.org/api/files
#include "server/sandbox/methods/media.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int64_t block = 1 << 20;  // no piece crosses a border of these

Answer save(Call& call, std::optional<std::int32_t> total) {
  auto& world = call.world;
  const auto saved =
      world.files.save_part(call.user(), call.number("file_id"), call.number32("file_part"), total,
                            call.args["bytes"].as_bytes(), world.now());
  if (!saved) return saved.error();
  return yes();
}

Answer save_file_part(Call& call) { return save(call, std::nullopt); }
Answer save_big_file_part(Call& call) { return save(call, call.number32("file_total_parts")); }

std::string_view storage_type(const File& file) {
  if (file.mime_type == "image/jpeg") return "storage.fileJpeg";
  if (file.mime_type == "image/png") return "storage.filePng";
  if (file.mime_type == "image/gif") return "storage.fileGif";
  if (file.mime_type == "image/webp") return "storage.fileWebp";
  if (file.mime_type == "application/pdf") return "storage.filePdf";
  if (file.mime_type == "audio/mpeg") return "storage.fileMp3";
  if (file.mime_type == "video/quicktime") return "storage.fileMov";
  if (file.mime_type == "video/mp4") return "storage.fileMp4";
  return "storage.fileUnknown";
}

// Of somebody, a group or a channel.
Outcome<FilePtr> profile_photo(Call& call, const Value& location) {
  const auto peer = call.peer(location["peer"]);
  if (!peer) return bad_request("PEER_ID_INVALID");
  const auto& photo = peer->is_user()   ? call.world.accounts.find(peer->user())->photo
                      : peer->is_chat() ? call.world.chats.find(peer->chat())->photo
                                        : call.world.channels.find(peer->channel())->photo;
  if (!photo || photo->id != location["photo_id"].as_int64())
    return bad_request("LOCATION_INVALID");
  return photo;
}

Answer get_file(Call& call) {
  const auto offset = call.number("offset");
  const auto limit = call.number("limit");
  const std::int64_t step = call.flag("precise") ? 1024 : 4096;
  if (offset < 0 || offset % step != 0) return bad_request("OFFSET_INVALID");
  if (limit <= 0 || limit > block || limit % step != 0) return bad_request("LIMIT_INVALID");
  if (!call.flag("precise") && block % limit != 0) return bad_request("LIMIT_INVALID");
  if (offset / block != (offset + limit - 1) / block) return bad_request("LIMIT_INVALID");

  const auto& location = call.args["location"];
  const auto kind = location.constructor();
  if (kind != "inputDocumentFileLocation" && kind != "inputPhotoFileLocation" &&
      kind != "inputPeerPhotoFileLocation") {
    return bad_request("LOCATION_INVALID");
  }
  const auto file = kind == "inputPeerPhotoFileLocation"
                        ? profile_photo(call, location)
                        : file_of(call, location, kind == "inputPhotoFileLocation");
  if (!file) return file.error();
  const auto& stored = **file;
  if (stored.dc != call.key.dc) return RpcError{303, "FILE_MIGRATE_" + std::to_string(stored.dc)};
  // A document has no thumbnails here.
  if (!stored.photo && !location["thumb_size"].text().empty()) {
    return bad_request("LOCATION_INVALID");
  }
  tl::ByteView piece(stored.bytes);
  const auto from = std::min<std::size_t>(static_cast<std::size_t>(offset), piece.size());
  piece = piece.subspan(
      from, std::min<std::size_t>(static_cast<std::size_t>(limit), piece.size() - from));
  // The bytes outlive the answer: it is encoded before anything else happens.
  return call.make.object("upload.file", {{"type", call.make.object(storage_type(stored), {})},
                                          {"mtime", Value::integer(stored.date)},
                                          {"bytes", Value::bytes(piece)}});
}

}  // namespace

std::span<const Method> upload_methods() {
  static constexpr Method methods[] = {
      {"upload.saveFilePart", Needs::somebody, save_file_part},
      {"upload.saveBigFilePart", Needs::somebody, save_big_file_part},
      {"upload.getFile", Needs::somebody, get_file},
  };
  return methods;
}

}  // namespace server::sandbox
