#include "mtproto/framing/intermediate.hpp"

#include "mtproto/framing/words.hpp"

namespace mtproto {

void Intermediate::write(ByteView payload, Bytes& out) const {
  std::size_t padding = 0;
  std::array<std::uint8_t, 16> random{};
  if (padding_ == Padding::random) {
    random_->fill(random);
    padding = random[15] & 15;
  }
  put_word(static_cast<std::uint32_t>(payload.size() + padding), out);
  tl::append(out, payload);
  tl::append(out, ByteView(random).first(padding));
}

void Intermediate::write_quick_ack(std::uint32_t token, Bytes& out) const {
  put_word(token | quick_ack_bit, out);
}

tl::Result<std::optional<Packet>> Intermediate::read(InputBuffer& in) const {
  const auto bytes = std::as_const(in).view();
  if (bytes.size() < 4) return std::nullopt;
  const auto word = word_at(bytes, 0);
  const bool marked = (word & quick_ack_bit) != 0;
  if (marked && side_ == Side::client) return take_packet(in, 0, 4, 0, true);
  const std::size_t size = word & ~quick_ack_bit;
  if (size < 4) return make_error_code(errc::frame_too_short);
  if (padding_ == Padding::none && size % 4 != 0) return make_error_code(errc::frame_bad_length);
  return take_packet(in, 4, size, 0, marked);
}

}  // namespace mtproto
