// HMAC-SHA256 (RFC 2104) over pieces.
#pragma once

#include <initializer_list>

#include "mtproto/crypto/sha.hpp"

namespace mtproto {

Sha256 hmac_sha256(tl::ByteView key, std::initializer_list<tl::ByteView> pieces);

}  // namespace mtproto
