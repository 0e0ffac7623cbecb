#include "mtproto/crypto/auth_key.hpp"

#include <cstring>

#include "mtproto/crypto/sha.hpp"

namespace mtproto {

AuthKey::AuthKey(std::span<const std::uint8_t, size> key) : key_(key) {
  const auto hash = sha1({key});
  std::copy_n(hash.begin(), aux_hash_.size(), aux_hash_.begin());
  std::uint64_t id = 0;
  std::memcpy(&id, hash.data() + 12, sizeof id);
  id_ = AuthKeyId(id);
}

std::array<std::uint8_t, 16> AuthKey::new_nonce_hash(std::span<const std::uint8_t, 32> new_nonce,
                                                     std::uint8_t n) const {
  const auto hash = sha1({new_nonce, {&n, 1}, aux_hash_});
  std::array<std::uint8_t, 16> out{};
  std::copy_n(hash.begin() + 4, out.size(), out.begin());
  return out;
}

}  // namespace mtproto
