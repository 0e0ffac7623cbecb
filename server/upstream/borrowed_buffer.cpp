#include "server/upstream/borrowed_buffer.hpp"

#include <array>
#include <memory>

namespace server::upstream {

std::span<std::uint8_t, borrowed_size> borrowed_buffer() {
  thread_local const auto buffer = std::make_unique<std::array<std::uint8_t, borrowed_size>>();
  return *buffer;
}

}  // namespace server::upstream
