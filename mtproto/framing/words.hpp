// What the framings share: little-endian words, and the step from "so long" to a packet.
#pragma once

#include <cstring>

#include "mtproto/framing/input_buffer.hpp"
#include "mtproto/framing/transport.hpp"

namespace mtproto {

inline constexpr std::uint32_t quick_ack_bit = 0x80000000;

inline std::uint32_t word_at(ByteView bytes, std::size_t offset) {
  std::uint32_t out = 0;
  std::memcpy(&out, bytes.data() + offset, sizeof out);
  return out;
}

inline void put_word(std::uint32_t word, Bytes& out) {
  const auto at = out.size();
  out.resize(at + sizeof word);
  std::memcpy(out.data() + at, &word, sizeof word);
}

// A packet of `size` bytes between `head` and `tail` further ones; none while it is not whole.
// Too long a one is refused as soon as its length is known.
inline tl::Result<std::optional<Packet>> take_packet(InputBuffer& in, std::size_t head,
                                                     std::size_t size, std::size_t tail,
                                                     bool quick_ack) {
  if (size > max_packet) return make_error_code(errc::frame_too_long);
  if (in.size() < head + size + tail) {
    in.expect(head + size + tail);
    return std::nullopt;
  }
  Packet out{in.take(head, size), quick_ack};
  in.consume(tail);
  return out;
}

}  // namespace mtproto
