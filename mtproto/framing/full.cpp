#include "mtproto/framing/full.hpp"

#include <libdeflate.h>

#include "mtproto/framing/words.hpp"

namespace mtproto {
namespace {

constexpr std::size_t head = 8;
constexpr std::size_t tail = 4;

std::uint32_t crc32(ByteView bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

}  // namespace

void Full::write(ByteView payload, Bytes& out) {
  const auto at = out.size();
  put_word(static_cast<std::uint32_t>(head + payload.size() + tail), out);
  put_word(sent_++, out);
  tl::append(out, payload);
  put_word(crc32(ByteView(out).subspan(at)), out);
}

tl::Result<std::optional<Packet>> Full::read(InputBuffer& in) {
  const auto bytes = std::as_const(in).view();
  if (bytes.size() < 4) return std::nullopt;
  const std::size_t total = word_at(bytes, 0);
  if (total <= head + tail) return make_error_code(errc::frame_too_short);
  if (total % 4 != 0) return make_error_code(errc::frame_bad_length);
  if (total > max_packet + head + tail) return make_error_code(errc::frame_too_long);
  if (bytes.size() < head) return std::nullopt;
  if (word_at(bytes, 4) != received_) return make_error_code(errc::frame_bad_sequence);
  if (bytes.size() < total) return std::nullopt;
  if (crc32(bytes.first(total - tail)) != word_at(bytes, total - tail)) {
    return make_error_code(errc::frame_bad_checksum);
  }
  ++received_;
  return take_packet(in, head, total - head - tail, tail, false);
}

}  // namespace mtproto
