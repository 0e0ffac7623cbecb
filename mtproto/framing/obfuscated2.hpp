// A header of 64 bytes that looks like noise, and two AES-CTR streams keyed by it; the framing
// named in it runs inside. core.telegram.org/mtproto/mtproto-transports#transport-obfuscation
//
//   0        8                 40         56    60   62   64
//   | random | key to a server | its iv   | tag | dc |    |      56.. encrypted by the stream
//   itself
//            | iv and key to a client, byte-reversed |
//
// With a proxy's secret both keys are SHA256(key | secret).
#pragma once

#include "mtproto/crypto/aes.hpp"
#include "mtproto/framing/transport.hpp"

namespace mtproto {

inline constexpr std::size_t obfuscation_header = 64;

struct Obfuscation {
  CtrStream to_server;
  CtrStream to_client;
  std::array<std::uint8_t, obfuscation_header> header{};  // a client's: as it is sent
  std::uint32_t tag = 0;
  std::int16_t dc = 0;
};

// The client's end. `dc` 0 leaves random bytes in its place. Draws 64 bytes, again where they look
// like the start of another protocol.
Obfuscation make_obfuscation(std::uint32_t tag, std::int16_t dc, ByteView proxy_secret,
                             tl::Random&);
// The server's end, from the header as received.
Obfuscation open_obfuscation(std::span<const std::uint8_t, obfuscation_header>,
                             ByteView proxy_secret);

}  // namespace mtproto
