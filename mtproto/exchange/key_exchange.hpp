// What both halves of the key exchange share. core.telegram.org/mtproto/auth_key
#pragma once

#include <cstdint>
#include <optional>

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"

namespace mtproto {

// What a key exchange yields.
struct FreshKey {
  AuthKey key;
  std::uint64_t server_salt = 0;           // new_nonce[0:8] ^ server_nonce[0:8]
  UnixTime server_time{};                  // client: what the server said its clock shows
  std::optional<std::int32_t> expires_in;  // seconds; a temporary key
  std::int32_t dc = 0;                     // as the inner data named it
};

}  // namespace mtproto
