// What the store's secrets are sealed with: AES-256-GCM with a fresh nonce for each, so that a copy
// of the store without this key opens no session. NIST SP 800-38D.
//
//   sealed: version 1 | nonce 12 | ciphertext | tag 16
#pragma once

#include <string_view>

#include "mtproto/crypto/secret.hpp"
#include "server/store/store_error.hpp"

namespace server::store {

class MasterKey {
 public:
  static constexpr std::size_t size = 32;

  explicit MasterKey(std::span<const std::uint8_t, size> key) : key_(key) {}
  static MasterKey random();

  std::span<const std::uint8_t, size> bytes() const { return key_.bytes(); }

  // `place` says where it will stand: what was sealed for another place does not open.
  tl::Bytes seal(tl::ByteView secret, std::string_view place) const;
  // wrong_key where it was sealed with another key or for another place, or was changed since.
  StoreResult<mtproto::SecretBytes> unseal(tl::ByteView sealed, std::string_view place) const;

 private:
  mtproto::Secret<size> key_;
};

}  // namespace server::store
