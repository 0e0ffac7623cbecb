// The framing with a sequence number and a checksum.
// core.telegram.org/mtproto/mtproto-transports#full
//
//   | total len: 4 | seq: 4, from 0 each way | payload | crc32 of all before: 4 |
//
// It has no tag and no quick acknowledgements.
#pragma once

#include "mtproto/framing/input_buffer.hpp"
#include "mtproto/framing/transport.hpp"

namespace mtproto {

class Full {
 public:
  void write(ByteView payload, Bytes& out);
  void write_quick_ack(std::uint32_t, Bytes&) const {}
  tl::Result<std::optional<Packet>> read(InputBuffer& in);

 private:
  std::uint32_t sent_ = 0;
  std::uint32_t received_ = 0;
};

}  // namespace mtproto
