#include "server/channel/frame_walk.hpp"

#include <algorithm>

namespace server::channel {

std::size_t FrameWalk::before_close(tl::ByteView bytes) {
  constexpr std::uint8_t opcode = 0x0F, close = 8;
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (due_ == Due::rest) {
      const auto part = std::min<std::uint64_t>(rest_, bytes.size() - at);
      rest_ -= part;
      at += static_cast<std::size_t>(part);
      if (rest_ == 0) due_ = Due::opcode;
      continue;
    }
    if (due_ == Due::opcode && (bytes[at] & opcode) == close) return at;
    take(bytes[at++]);
  }
  return at;
}

void FrameWalk::take(std::uint8_t byte) {
  constexpr std::uint8_t masked = 0x80, two_bytes = 126, eight_bytes = 127;
  if (due_ == Due::opcode) {
    head_ = byte;
    due_ = Due::size;
    return;
  }
  if (due_ == Due::size) {
    mask_ = (byte & masked) != 0 ? 4 : 0;
    size_ = byte & ~masked;
    bytes_due_ = size_ == two_bytes ? 2 : size_ == eight_bytes ? 8 : 0;
    due_ = Due::more_size;
    if (bytes_due_ > 0) size_ = 0;
  } else {
    size_ = size_ << 8 | byte;
    --bytes_due_;
  }
  if (bytes_due_ > 0) return;
  look_at_message();
  // One too long for this is too long for anybody.
  rest_ = std::min(size_, ~std::uint64_t{0} - mask_) + mask_;
  due_ = rest_ > 0 ? Due::rest : Due::opcode;
}

void FrameWalk::look_at_message() {
  constexpr std::uint8_t last = 0x80, control = 0x08;
  if ((head_ & control) != 0) return;
  if ((head_ & last) == 0) {
    begun_ = true;
  } else if (size_ > 0) {
    begun_ = false;
  }
}

}  // namespace server::channel
