#include "server/channel/first_byte.hpp"

#include "tl/byte_order_mark.hpp"

namespace server::channel {

std::optional<Speech> detect(tl::ByteView bytes) {
  constexpr std::uint8_t tls_handshake = 0x16;
  std::size_t marked = 0;
  for (const auto byte : bytes) {
    if (byte == static_cast<std::uint8_t>(tl::byte_order_mark[marked])) {
      marked = (marked + 1) % tl::byte_order_mark.size();
      continue;
    }
    if (marked != 0) return Speech::other;
    if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') continue;
    if (byte == '{') return Speech::json;
    if (byte >= 'A' && byte <= 'Z') return Speech::http;
    if (byte == tls_handshake) return Speech::tls;
    return Speech::other;
  }
  return {};
}

}  // namespace server::channel
