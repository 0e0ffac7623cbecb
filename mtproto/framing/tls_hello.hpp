// The two hellos of a feigned TLS handshake with an MTProxy (secrets that begin with ee). To
// onlookers they are TLS 1.3 with the secret's domain; their `random` proves knowledge of the key.
//
//   ClientHello, 517 bytes   16 03 01 len 2 | 01 len 3 | 03 03 | random 32 | 20 | session_id 32 | …
//     random = HMAC(key, the record, random zeroed), its last 4 bytes ^ Unix time
//   answer: ServerHello      16 03 03 len 2 | 02 len 3 | 03 03 | random 32 | 20 | session_id 32 | …
//           14 03 03 00 01 01, and 17 03 03 len 2 | noise
//     random = HMAC(key, the client's random | the whole answer, random zeroed)
#pragma once

#include <array>

#include "mtproto/framing/proxy_secret.hpp"
#include "mtproto/time.hpp"
#include "tl/random.hpp"

namespace mtproto {

inline constexpr std::size_t client_hello_size = 517;
inline constexpr std::size_t hello_random_at = 11;  // in either

using HelloRandom = std::array<std::uint8_t, 32>;

// Draws; the session id among it.
Bytes make_client_hello(const ProxySecret&, UnixTime now, tl::Random&);

struct ClientHello {
  HelloRandom random{};
  HelloRandom session_id{};
};
// The proxy's half: one whole record. errc::bad_tls_hello, wrong_proxy_secret (another key or
// another domain), wrong_hello_time (more than 20 minutes away).
tl::Result<ClientHello> open_client_hello(ByteView record, const ProxySecret&, UnixTime now);

Bytes make_server_hello(const ClientHello&, const ProxySecret&, tl::Random&);
// Whether a whole answer was made by somebody who has the key.
bool proves_key(ByteView answer, ByteView client_hello, const ProxySecret&);

}  // namespace mtproto
