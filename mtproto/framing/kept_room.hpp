// A buffer between two messages: empty, and without its room, which the next small message of its
// thread has, because most connections are idle most of the time.
#pragma once

#include <cstddef>

#include "tl/bytes.hpp"
#include "tl/spare_room.hpp"

namespace mtproto {

inline constexpr std::size_t kept_room = 256;

inline void forget_bytes(tl::Bytes& bytes) { tl::give_room_back(bytes, kept_room); }

}  // namespace mtproto
