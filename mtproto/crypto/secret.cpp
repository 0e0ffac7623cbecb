#include "mtproto/crypto/secret.hpp"

#include <openssl/crypto.h>

namespace mtproto {

bool same_secret(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  return a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace mtproto
