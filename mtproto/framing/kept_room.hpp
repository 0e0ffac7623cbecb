// A buffer that is used again for the next message: empty, and without its room where that was more
// than a small message takes, because most connections are idle most of the time.
#pragma once

#include <cstddef>

#include "tl/bytes.hpp"

namespace mtproto {

inline constexpr std::size_t kept_room = 256;

inline void forget_bytes(tl::Bytes& bytes) {
  bytes.clear();
  if (bytes.capacity() > kept_room) tl::release(bytes);
}

}  // namespace mtproto
