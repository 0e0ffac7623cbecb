#include "mtproto/message/kdf.hpp"

#include <cstring>

namespace mtproto {
namespace {

std::size_t shift(Side from) { return from == Side::client ? 0 : 8; }

}  // namespace

// msg_key_large = SHA256(auth_key[88+x : 120+x] | plaintext)
Sha256 message_key_large(const AuthKey& auth_key, Side from, ByteView plaintext_with_padding) {
  const ByteView key = auth_key.bytes();
  return sha256({key.subspan(88 + shift(from), 32), plaintext_with_padding});
}

// msg_key = msg_key_large[8:24]
MessageKey message_key(const Sha256& large) {
  MessageKey out{};
  std::copy_n(large.begin() + 8, out.size(), out.begin());
  return out;
}

std::uint32_t quick_ack_token(const Sha256& large) {
  std::uint32_t token = 0;
  std::memcpy(&token, large.data(), sizeof token);
  return token | 0x80000000u;
}

// A = SHA256(msg_key | auth_key[x : x+36]), B = SHA256(auth_key[40+x : 76+x] | msg_key)
// key = A[0:8] | B[8:24] | A[24:32], iv = B[0:8] | A[8:24] | B[24:32]
MessageAes message_aes(const AuthKey& auth_key, Side from, const MessageKey& msg_key) {
  const ByteView key = auth_key.bytes();
  const auto x = shift(from);
  Sha256Pair hashed;
  std::memcpy(hashed[0].data(), msg_key.data(), 16);
  std::memcpy(hashed[0].data() + 16, key.data() + x, 36);
  std::memcpy(hashed[1].data(), key.data() + 40 + x, 36);
  std::memcpy(hashed[1].data() + 36, msg_key.data(), 16);
  Sha256 a, b;
  sha256(hashed, a, b);
  for (auto& half : hashed) wipe(half);
  MessageAes out;
  const auto join = [](const Sha256& outer, const Sha256& inner, std::span<std::uint8_t> to) {
    std::copy_n(outer.begin(), 8, to.begin());
    std::copy_n(inner.begin() + 8, 16, to.begin() + 8);
    std::copy_n(outer.begin() + 24, 8, to.begin() + 24);
  };
  join(a, b, out.key.bytes());
  join(b, a, out.iv.bytes());
  wipe(a);
  wipe(b);
  return out;
}

}  // namespace mtproto
