#include "mtproto/crypto/hmac.hpp"

#include <algorithm>
#include <functional>

#include "mtproto/crypto/secret.hpp"

namespace mtproto {
namespace {

constexpr std::size_t hash_block = 64;

Bytes padded(ByteView key, std::uint8_t with) {
  Bytes out(hash_block, with);
  std::ranges::transform(key, out, out.begin(), std::bit_xor());
  return out;
}

}  // namespace

// SHA256(key ^ 5c… | SHA256(key ^ 36… | message))
Sha256 hmac_sha256(ByteView key, std::initializer_list<ByteView> pieces) {
  Sha256 shorter{};
  if (key.size() > hash_block) {
    shorter = sha256({key});
    key = shorter;
  }
  auto message = padded(key, 0x36);
  for (const auto piece : pieces) tl::append(message, piece);
  const auto inner = sha256({message});
  auto outer = padded(key, 0x5c);
  const auto out = sha256({outer, inner});
  wipe(message);
  wipe(outer);
  return out;
}

}  // namespace mtproto
