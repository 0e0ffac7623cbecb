// CRC-32 of IEEE 802.3 (zlib's), by which TL names its combinators. core.telegram.org/mtproto/TL
#pragma once

#include <cstdint>
#include <string_view>

namespace tl {

// Of texts in a row.
class RunningCrc32 {
 public:
  void add(std::string_view text);
  std::uint32_t value() const { return ~word_; }

 private:
  std::uint32_t word_ = 0xFFFFFFFF;
};

std::uint32_t crc32(std::string_view text);

}  // namespace tl
