// Sets of stickers, which everybody has installed. core.telegram.org/api/stickers
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/sandbox/world/files.hpp"

namespace server::sandbox {

struct StickerSet {
  std::int64_t id = 0;
  std::int64_t access_hash = 0;
  std::string title, short_name;
  std::vector<FilePtr> stickers;  // each with an attribute that says which emoji it stands for
  bool reactions = false;         // what these look like as they move; nobody has it installed
};

// Those that may be reacted with, a sticker each.
inline constexpr std::string_view faces[] = {"👍",    "👎",    "❤",    "🔥",    "🥰", "👏", "😁",
                                             "🤔", "🤯", "😱",    "🤬", "😢",    "🎉", "🤩",
                                             "🙏",    "👌",    "🕊", "🤡", "💯",    "🏆"};

// A picture of one colour, in WebP's lossless format.
tl::Bytes plain_webp(std::int32_t w, std::int32_t h, std::uint8_t red, std::uint8_t green,
                     std::uint8_t blue);

// A square of one colour for a second, as an animated sticker. core.telegram.org/stickers
tl::Bytes plain_tgs(std::uint8_t red, std::uint8_t green, std::uint8_t blue);

// The emoji that a sticker stands for; empty: it is none.
std::string_view sticker_emoji(const File& file);
// The one of the set that stands for it, or none.
FilePtr sticker_for(const StickerSet& set, std::string_view emoji);

}  // namespace server::sandbox
