// Four bytes of length; the padded form hides how long the payload is.
// core.telegram.org/mtproto/mtproto-transports#intermediate, #padded-intermediate
//
//   | len: 4 bytes       | payload |                       top bit of the length, to a server:
//   | len + pad: 4 bytes | payload | 0..15 random bytes |  wants a quick ack; to a client: is one
#pragma once

#include "mtproto/framing/input_buffer.hpp"
#include "mtproto/framing/transport.hpp"

namespace mtproto {

class Intermediate {
 public:
  enum class Padding : bool { none, random };

  Intermediate(Side side, Padding padding, tl::Random& random)
      : random_(&random), side_(side), padding_(padding) {}

  void write(ByteView payload, Bytes& out) const;
  void write_quick_ack(std::uint32_t token, Bytes& out) const;
  tl::Result<std::optional<Packet>> read(InputBuffer& in) const;

 private:
  tl::Random* random_;
  Side side_;
  Padding padding_;
};

}  // namespace mtproto
