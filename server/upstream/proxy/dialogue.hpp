// What is said to a proxy before the connection is ours: bytes in, bytes out, no socket.
#pragma once

#include "tl/bytes.hpp"
#include "tl/result.hpp"

namespace server::upstream {

class Dialogue {
 public:
  virtual ~Dialogue() = default;
  // Appends what is to be said first. An error: there is no point in beginning.
  virtual tl::Result<void> begin(tl::Bytes& out) = 0;
  // Takes what came, appends what is to be said to it. True: the way is open, and the next byte
  // is Telegram's. Not called again after that or after an error.
  virtual tl::Result<bool> receive(tl::ByteView bytes, tl::Bytes& out) = 0;
};

// For results of bool, into which an error code would turn by itself.
inline tl::Result<bool> failed(boost::system::error_code why) {
  return {boost::system::in_place_error, why};
}

}  // namespace server::upstream
