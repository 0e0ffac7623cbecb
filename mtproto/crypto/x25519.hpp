// A public key of X25519 (RFC 7748), for what must look like TLS.
#pragma once

#include <array>

#include "mtproto/crypto/secret.hpp"

namespace mtproto {

using X25519Key = std::array<std::uint8_t, 32>;

X25519Key x25519_public(const X25519Key& private_key);

}  // namespace mtproto
