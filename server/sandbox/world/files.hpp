// Files in memory: parts as they are uploaded, and what became of them. core.telegram.org/api/files
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mtproto/time.hpp"
#include "server/sandbox/rpc_error.hpp"
#include "server/sandbox/world/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

// What a document says of itself; only what is understood is kept.
struct Attribute {
  enum class Kind : std::uint8_t { image_size, animated, video, audio, filename, sticker };
  Kind kind = Kind::filename;
  std::int32_t w = 0;
  std::int32_t h = 0;
  double duration = 0;
  bool voice = false;      // audio
  bool round = false;      // video
  bool streaming = false;  // video
  std::string title;       // audio; the name of a file; a sticker's emoji
  std::string performer;
  tl::Bytes waveform;
  std::int64_t set = 0;       // of a sticker
  std::int64_t set_hash = 0;  // as well
};

struct File {
  std::int64_t id = 0;
  std::int64_t access_hash = 0;
  tl::Bytes reference;
  bool photo = false;
  std::int32_t dc = 0;
  std::int32_t date = 0;
  std::int32_t w = 0;  // of a photo
  std::int32_t h = 0;
  std::string mime_type;
  std::vector<Attribute> attributes;
  tl::Bytes bytes;
};

using FilePtr = std::shared_ptr<const File>;

class Files {
 public:
  // saveFilePart, saveBigFilePart (`total` −1: not known yet; none for a small file).
  Outcome<void> save_part(UserId owner, std::int64_t upload, std::int32_t part,
                          std::optional<std::int32_t> total, tl::ByteView bytes, mtproto::Time now);
  // Joins the parts of an upload, which stay for a while (the same upload may be sent again).
  Outcome<tl::Bytes> assemble(UserId owner, std::int64_t upload, std::int32_t parts,
                              std::string_view md5);
  // Takes a file in: draws its id, access hash and reference.
  Outcome<FilePtr> keep(File file, tl::Random& random);
  // As it is, from a state file.
  FilePtr restore(File file);

  FilePtr find(std::int64_t id) const;
  const std::unordered_map<std::int64_t, FilePtr>& all() const { return files_; }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Upload {
    std::map<std::int32_t, tl::Bytes> parts;
    std::optional<std::int32_t> total;
    std::size_t part_size = 0;  // of the parts that are not the last
    mtproto::Time touched{};
  };
  using UploadKey = std::pair<UserId, std::int64_t>;

  // Makes room for `bytes` more by forgetting old uploads. False where there is none.
  bool room(std::size_t bytes, mtproto::Time now, const UploadKey& keep);
  void forget(std::map<UploadKey, Upload>::iterator upload);

  std::map<UploadKey, Upload> uploads_;
  std::unordered_map<std::int64_t, FilePtr> files_;
  std::size_t bytes_ = 0;
};

// What a file is by its first bytes.
struct Image {
  std::string_view mime_type;
  std::int32_t w = 0;
  std::int32_t h = 0;
};
std::optional<Image> look_at_image(tl::ByteView bytes);

}  // namespace server::sandbox
