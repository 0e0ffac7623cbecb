// What RsaPublicKey and RsaPrivateKey share. For rsa_*.cpp only.
#pragma once

#include <string_view>

#include "mtproto/crypto/openssl.hpp"
#include "mtproto/crypto/rsa.hpp"

namespace mtproto {

inline constexpr std::size_t rsa_size = 256;
inline constexpr std::size_t rsa_pad_data = 192;  // data with its random tail
inline constexpr std::size_t rsa_pad_most = 144;  // data without

struct RsaPublicKey::Key {
  openssl::Key key;
  openssl::Number n;
  openssl::Number e;
  openssl::Montgomery montgomery;  // of n; only read once it is made, so threads may share it
  std::uint64_t fingerprint = 0;

  // None unless `key` is RSA of 2048 bits.
  static std::shared_ptr<const Key> from(openssl::Key key);
};

}  // namespace mtproto
