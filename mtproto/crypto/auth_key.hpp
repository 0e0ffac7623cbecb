// The key that a client and a data centre share, and what is derived from it.
// core.telegram.org/mtproto/auth_key,
// /mtproto/description#defining-aes-key-and-initialization-vector
#pragma once

#include <array>

#include "mtproto/crypto/secret.hpp"
#include "mtproto/ids.hpp"

namespace mtproto {

class AuthKey {
 public:
  static constexpr std::size_t size = 256;

  explicit AuthKey(std::span<const std::uint8_t, size> key);

  std::span<const std::uint8_t, size> bytes() const { return key_.bytes(); }
  // SHA1(key)[12:20]
  AuthKeyId id() const { return id_; }
  // SHA1(key)[0:8]
  std::array<std::uint8_t, 8> aux_hash() const { return aux_hash_; }
  // SHA1(new_nonce | n | aux_hash)[4:20], n = 1, 2, 3
  std::array<std::uint8_t, 16> new_nonce_hash(std::span<const std::uint8_t, 32> new_nonce,
                                              std::uint8_t n) const;

 private:
  Secret<size> key_;
  AuthKeyId id_;
  std::array<std::uint8_t, 8> aux_hash_{};
};

}  // namespace mtproto
