// Bytes as they travel: an owning buffer and a view of somebody else's.
// No text encoding is implied; a TL `string` is bytes until it reaches JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tl {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Empties a buffer and gives its memory back, which assigning `{}` does not.
template <class Buffer>
void release(Buffer& buffer) {
  Buffer().swap(buffer);
}

inline void append(Bytes& to, ByteView from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace tl
