#include "mtproto/crypto/x25519.hpp"

#include "mtproto/crypto/openssl.hpp"

namespace mtproto {

X25519Key x25519_public(const X25519Key& private_key) {
  const openssl::Key key(openssl::need(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_X25519, nullptr, private_key.data(), private_key.size())));
  X25519Key out{};
  auto size = out.size();
  openssl::need(EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size));
  return out;
}

}  // namespace mtproto
