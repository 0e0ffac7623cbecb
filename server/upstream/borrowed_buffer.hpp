// Where a thread reads to: one buffer for all of its sockets, lent for the length of one call, so
// that an idle connection holds none.
#pragma once

#include <cstdint>
#include <span>

namespace server::upstream {

inline constexpr std::size_t borrowed_size = std::size_t{64} << 10;

// This thread's buffer, whatever it held before.
std::span<std::uint8_t, borrowed_size> borrowed_buffer();

}  // namespace server::upstream
