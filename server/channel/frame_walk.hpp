// Walks through a client's WebSocket frames, bytes cut anywhere, without a look at what is in them,
// and finds its Close: what was asked before that is to be answered before it is. RFC 6455
// section 5.2; what is no frame is for the WebSocket's reader to refuse.
//
//   FIN RSV opcode | MASK length 7 | length 0, 16 or 64 | mask 0 or 32 | payload
#pragma once

#include <cstdint>

#include "tl/bytes.hpp"

namespace server::channel {

class FrameWalk {
 public:
  // How many of the bytes stand before the first byte of a Close: all of them where there is none.
  // Nothing is to be walked through behind it.
  std::size_t before_close(tl::ByteView bytes);
  // No frame is begun.
  bool between_frames() const { return due_ == Due::opcode; }

 private:
  void take(std::uint8_t byte);

  enum class Due : std::uint8_t { opcode, size, more_size, rest };

  Due due_ = Due::opcode;
  std::uint8_t bytes_due_ = 0;  // of the size
  std::uint8_t mask_ = 0;       // its bytes
  std::uint64_t size_ = 0;
  std::uint64_t rest_ = 0;  // of mask and payload
};

}  // namespace server::channel
