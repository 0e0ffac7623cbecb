#include "mtproto/exchange/derived.hpp"

#include <cstring>

namespace mtproto {
namespace {

// Both inner data take less than 600 bytes.
constexpr std::size_t longest_sealed = 2048;

}  // namespace

// key = SHA1(new_nonce | server_nonce) | SHA1(server_nonce | new_nonce)[0:12]
// iv  = SHA1(server_nonce | new_nonce)[12:20] | SHA1(new_nonce | new_nonce) | new_nonce[0:4]
TmpAes tmp_aes(ByteView new_nonce, const Nonce& server_nonce) {
  auto new_server = sha1({new_nonce, server_nonce});
  auto server_new = sha1({server_nonce, new_nonce});
  auto new_new = sha1({new_nonce, new_nonce});
  TmpAes out;
  auto* key = out.key.bytes().data();
  std::memcpy(key, new_server.data(), 20);
  std::memcpy(key + 20, server_new.data(), 12);
  auto* iv = out.iv.bytes().data();
  std::memcpy(iv, server_new.data() + 12, 8);
  std::memcpy(iv + 8, new_new.data(), 20);
  std::memcpy(iv + 28, new_nonce.data(), 4);
  wipe(new_server);
  wipe(server_new);
  wipe(new_new);
  return out;
}

std::uint64_t first_salt(const NewNonce& new_nonce, const Nonce& server_nonce) {
  std::uint64_t a = 0, b = 0;
  std::memcpy(&a, new_nonce.bytes().data(), sizeof a);
  std::memcpy(&b, server_nonce.data(), sizeof b);
  return a ^ b;
}

NonceHash params_fail_hash(const NewNonce& new_nonce) {
  const auto hash = sha1({new_nonce.bytes()});
  NonceHash out;
  std::memcpy(out.data(), hash.data() + 4, out.size());
  return out;
}

Bytes seal(ByteView object, const TmpAes& tmp, tl::Random& random) {
  const auto hash = sha1({object});
  Bytes out(hash.begin(), hash.end());
  tl::append(out, object);
  const auto size = out.size();
  out.resize((size + 15) / 16 * 16);
  random.fill(std::span(out).subspan(size));
  ige_encrypt(tmp.key, tmp.iv, out);
  return out;
}

tl::Result<SecretBytes> unseal(ByteView sealed, const TmpAes& tmp) {
  if (sealed.size() < 32 || sealed.size() % 16 != 0 || sealed.size() > longest_sealed) {
    return make_error_code(errc::exchange_malformed);
  }
  SecretBytes plain(sealed);
  ige_decrypt(tmp.key, tmp.iv, plain.bytes());
  return plain;
}

tl::Result<void> check_unsealed(ByteView plain, std::optional<std::size_t> object_size) {
  const auto data = plain.subspan(sizeof(Sha1));
  // Hashed in any case: how far the parser came shall not show in time.
  const auto hash = sha1({data.first(object_size.value_or(data.size()))});
  const bool same = same_secret(hash, plain.first(sizeof(Sha1)));
  if (!same || !object_size) return make_error_code(errc::bad_answer_hash);
  if (data.size() - *object_size >= 16) return make_error_code(errc::bad_answer_padding);
  return {};
}

Bytes minimal(std::uint64_t value) {
  Bytes out;
  for (int shift = 56; shift >= 0; shift -= 8) {
    const auto byte = static_cast<std::uint8_t>(value >> shift);
    if (byte != 0 || !out.empty()) out.push_back(byte);
  }
  return out;
}

std::optional<std::uint64_t> from_big_endian(ByteView bytes) {
  if (bytes.size() > 8) return std::nullopt;
  std::uint64_t out = 0;
  for (auto byte : bytes) out = out << 8 | byte;
  return out;
}

}  // namespace mtproto
