#include "server/channel/first_byte.hpp"

namespace server::channel {

std::optional<Speech> detect(tl::ByteView bytes) {
  constexpr std::uint8_t tls_handshake = 0x16;
  for (const auto byte : bytes) {
    if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') continue;
    if (byte == '{') return Speech::json;
    if (byte >= 'A' && byte <= 'Z') return Speech::http;
    if (byte == tls_handshake) return Speech::tls;
    return Speech::other;
  }
  return {};
}

}  // namespace server::channel
