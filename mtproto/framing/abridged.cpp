#include "mtproto/framing/abridged.hpp"

#include <algorithm>

#include "mtproto/framing/words.hpp"

namespace mtproto {

void Abridged::write(ByteView payload, Bytes& out) const {
  const auto quarter = static_cast<std::uint32_t>(payload.size() / 4);
  if (quarter < 0x7f) {
    out.push_back(static_cast<std::uint8_t>(quarter));
  } else {
    put_word(quarter << 8 | 0x7f, out);
  }
  tl::append(out, payload);
}

// Byte-swapped, so that the bit that tells it from a length comes first.
void Abridged::write_quick_ack(std::uint32_t token, Bytes& out) const {
  put_word(__builtin_bswap32(token | quick_ack_bit), out);
}

tl::Result<std::optional<Packet>> Abridged::read(InputBuffer& in) const {
  const auto bytes = std::as_const(in).view();
  if (bytes.empty()) return std::nullopt;
  const bool marked = (bytes[0] & 0x80) != 0;
  if (marked && side_ == Side::client) {
    if (bytes.size() < 4) return std::nullopt;
    Packet token{Bytes(bytes.begin(), bytes.begin() + 4), true};
    std::ranges::reverse(token.payload.bytes());
    in.consume(4);
    return token;
  }
  const bool is_long = (bytes[0] & 0x7f) == 0x7f;
  const std::size_t head = is_long ? 4 : 1;
  if (bytes.size() < head) return std::nullopt;
  const std::size_t size =
      4 * (is_long ? std::size_t{word_at(bytes, 0) >> 8} : std::size_t{bytes[0]} & 0x7f);
  if (size == 0) return make_error_code(errc::frame_too_short);
  return take_packet(in, head, size, 0, marked);
}

}  // namespace mtproto
