// CRC-32 of IEEE 802.3 (zlib's), by which TL names its combinators. core.telegram.org/mtproto/TL
#pragma once

#include <cstdint>
#include <string_view>

namespace tl {

std::uint32_t crc32(std::string_view text);

}  // namespace tl
