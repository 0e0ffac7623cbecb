// The framing with the least to spare. core.telegram.org/mtproto/mtproto-transports#abridged
//
//   | len/4: 1 byte, below 7f    | payload |        top bit of the first byte, to a server: wants
//   | 7f | len/4: 3 bytes        | payload |        a quick ack; to a client: is one, 4 bytes
#pragma once

#include "mtproto/framing/input_buffer.hpp"
#include "mtproto/framing/transport.hpp"

namespace mtproto {

class Abridged {
 public:
  explicit Abridged(Side side) : side_(side) {}

  void write(ByteView payload, Bytes& out) const;
  void write_quick_ack(std::uint32_t token, Bytes& out) const;
  tl::Result<std::optional<Packet>> read(InputBuffer& in) const;

 private:
  Side side_;
};

}  // namespace mtproto
