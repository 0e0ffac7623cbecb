#include "server/sandbox/world/files.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "mtproto/crypto/sha.hpp"
#include "server/sandbox/world/limits.hpp"
#include "tl/hex.hpp"

namespace server::sandbox {
namespace {

constexpr auto upload_lives = std::chrono::hours{1};
constexpr std::size_t small_file = std::size_t{10} << 20;

RpcError full() { return {500, "SANDBOX_STORAGE_FULL"}; }

}  // namespace

void Files::forget(std::map<UploadKey, Upload>::iterator upload) {
  for (const auto& [number, part] : upload->second.parts) bytes_ -= part.size();
  uploads_.erase(upload);
}

bool Files::room(std::size_t bytes, mtproto::Time now, const UploadKey& keep) {
  if (bytes_ + bytes <= limits::file_bytes) return true;
  for (auto it = uploads_.begin(); it != uploads_.end();) {
    const auto here = it++;
    if (here->first != keep && now - here->second.touched > upload_lives) forget(here);
  }
  while (bytes_ + bytes > limits::file_bytes) {
    auto oldest = uploads_.end();
    for (auto it = uploads_.begin(); it != uploads_.end(); ++it) {
      if (it->first == keep) continue;
      if (oldest == uploads_.end() || it->second.touched < oldest->second.touched) oldest = it;
    }
    if (oldest == uploads_.end()) return false;
    forget(oldest);
  }
  return true;
}

Outcome<void> Files::save_part(UserId owner, std::int64_t upload, std::int32_t part,
                               std::optional<std::int32_t> total, tl::ByteView bytes,
                               mtproto::Time now) {
  if (part < 0 || part >= limits::file_parts) return bad_request("FILE_PART_INVALID");
  if (total && (*total == 0 || *total < -1 || *total > limits::file_parts)) {
    return bad_request("FILE_PARTS_INVALID");
  }
  if (total && *total > 0 && part >= *total) return bad_request("FILE_PART_INVALID");
  if (bytes.empty()) return bad_request("FILE_PART_EMPTY");
  if (bytes.size() > limits::file_part) return bad_request("FILE_PART_TOO_BIG");
  const bool whole = bytes.size() % 1024 == 0 && limits::file_part % bytes.size() == 0;
  const bool may_be_last = !total || *total < 0 || part == *total - 1;
  if (!whole && !may_be_last) return bad_request("FILE_PART_SIZE_INVALID");

  const UploadKey key{owner, upload};
  if (!room(bytes.size(), now, key)) return full();
  auto& to = uploads_[key];
  to.touched = now;
  if (total && *total > 0) {
    if (to.total && *to.total != *total) return bad_request("FILE_PARTS_INVALID");
    to.total = total;
  }
  // A part with others behind it fixes the size of them all.
  const bool not_last =
      (!to.parts.empty() && to.parts.rbegin()->first > part) || (to.total && part < *to.total - 1);
  if (not_last) {
    if (to.part_size != 0 && to.part_size != bytes.size()) {
      return bad_request("FILE_PART_SIZE_CHANGED");
    }
    to.part_size = bytes.size();
  }
  auto& place = to.parts[part];
  bytes_ -= place.size();
  place.assign(bytes.begin(), bytes.end());
  bytes_ += place.size();
  return {};
}

Outcome<tl::Bytes> Files::assemble(UserId owner, std::int64_t upload, std::int32_t parts,
                                   std::string_view md5) {
  if (parts <= 0 || parts > limits::file_parts) return bad_request("FILE_PARTS_INVALID");
  const auto found = uploads_.find(UploadKey{owner, upload});
  if (found == uploads_.end()) return bad_request("FILE_PART_0_MISSING");
  const auto& from = found->second;
  std::size_t size = 0;
  std::int32_t due = 0;
  for (const auto& [number, part] : from.parts) {
    if (number != due) break;
    size += part.size();
    ++due;
  }
  if (due < parts) return bad_request("FILE_PART_" + std::to_string(due) + "_MISSING");
  if (static_cast<std::size_t>(parts) != from.parts.size()) {
    return bad_request("FILE_PARTS_INVALID");
  }
  const auto first = from.parts.begin()->second.size();
  for (const auto& [number, part] : from.parts) {
    const bool last = number == parts - 1;
    if (!last && (part.size() % 1024 != 0 || limits::file_part % part.size() != 0)) {
      return bad_request("FILE_PART_SIZE_INVALID");
    }
    if (last ? part.size() > first : part.size() != first) {
      return bad_request("FILE_PART_LENGTH_INVALID");
    }
  }
  if (!from.total && size > small_file) return bad_request("FILE_PARTS_INVALID");
  if (bytes_ + size > limits::file_bytes) return full();
  tl::Bytes whole;
  whole.reserve(size);
  for (const auto& [number, part] : from.parts) tl::append(whole, part);
  if (!md5.empty() && !from.total) {
    std::string given(md5);
    std::transform(given.begin(), given.end(), given.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (given != tl::to_hex(mtproto::md5({whole}))) return bad_request("MD5_CHECKSUM_INVALID");
  }
  return whole;
}

Outcome<FilePtr> Files::keep(File file, tl::Random& random) {
  if (files_.size() >= limits::files) return full();
  do {
    file.id = static_cast<std::int64_t>(random.word() >> 1);
  } while (file.id == 0 || files_.contains(file.id));
  file.access_hash = static_cast<std::int64_t>(random.word());
  file.reference.resize(21);
  random.fill(file.reference);
  return restore(std::move(file));
}

FilePtr Files::restore(File file) {
  bytes_ += file.bytes.size();
  auto kept = std::make_shared<const File>(std::move(file));
  files_[kept->id] = kept;
  return kept;
}

FilePtr Files::find(std::int64_t id) const {
  const auto found = files_.find(id);
  return found == files_.end() ? nullptr : found->second;
}

namespace {

std::int32_t big16(tl::ByteView bytes, std::size_t at) { return bytes[at] << 8 | bytes[at + 1]; }
std::int32_t little16(tl::ByteView bytes, std::size_t at) { return bytes[at + 1] << 8 | bytes[at]; }

// The frame header among a JPEG's segments: ff cX | length 2 | precision 1 | height 2 | width 2.
std::optional<Image> look_at_jpeg(tl::ByteView bytes) {
  std::size_t at = 2;
  while (at + 9 < bytes.size() && bytes[at] == 0xff) {
    const auto marker = bytes[at + 1];
    if (marker == 0xff) {
      ++at;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
      return Image{"image/jpeg", big16(bytes, at + 7), big16(bytes, at + 5)};
    }
    at += 2 + static_cast<std::size_t>(big16(bytes, at + 2));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Image> look_at_image(tl::ByteView bytes) {
  const auto text = tl::as_text(bytes);
  if (text.starts_with("\x89PNG\r\n\x1a\n") && bytes.size() >= 24) {
    return Image{"image/png", big16(bytes, 18), big16(bytes, 22)};
  }
  if (text.starts_with("GIF8") && bytes.size() >= 10) {
    return Image{"image/gif", little16(bytes, 6), little16(bytes, 8)};
  }
  if (text.starts_with("\xff\xd8\xff")) return look_at_jpeg(bytes);
  if (text.starts_with("RIFF") && bytes.size() >= 30 && text.substr(8, 7) == "WEBPVP8") {
    if (text[15] == 'X') {
      return Image{"image/webp", (bytes[24] | bytes[25] << 8) + 1,
                   (bytes[27] | bytes[28] << 8) + 1};
    }
    return Image{"image/webp", little16(bytes, 26) & 0x3fff, little16(bytes, 28) & 0x3fff};
  }
  return std::nullopt;
}

}  // namespace server::sandbox
