// Walks through a client's WebSocket frames, bytes cut anywhere, without a look at what is in them,
// and finds its Close: what was asked before that is to be answered before it is. And it says when
// no frame hangs on one before. RFC 6455 section 5.2; what is no frame is for the WebSocket's reader
// to refuse.
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
  // No frame is begun, and no message. One of several frames whose last is empty is not over by that:
  // Beast ends its check of UTF-8 with the next that has something in it, whoever's message that is.
  bool at_rest() const { return due_ == Due::opcode && !begun_; }

 private:
  void take(std::uint8_t byte);
  void look_at_message();

  enum class Due : std::uint8_t { opcode, size, more_size, rest };

  Due due_ = Due::opcode;
  std::uint8_t bytes_due_ = 0;  // of the size
  std::uint8_t mask_ = 0;       // its bytes
  std::uint8_t head_ = 0;       // the first byte of the frame
  bool begun_ = false;          // a message
  std::uint64_t size_ = 0;
  std::uint64_t rest_ = 0;  // of mask and payload
};

}  // namespace server::channel
