// What both sides compute from the nonces, and the sealing of the two inner data by it.
// core.telegram.org/mtproto/auth_key
//
//   sealed = AES-256-IGE( SHA1(object) | object | 0..15 bytes, tmp_aes_key, tmp_aes_iv )
#pragma once

#include <optional>

#include "mtproto/crypto/aes.hpp"
#include "mtproto/crypto/sha.hpp"
#include "mtproto/errc.hpp"
#include "mtproto/exchange/messages.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"

namespace mtproto {

struct TmpAes {
  AesKey key;
  IgeIv iv;
};

// Nonces are rows of bytes, never numbers: one in 256 begins with a zero.
TmpAes tmp_aes(ByteView new_nonce, const Nonce& server_nonce);

// new_nonce[0:8] ^ server_nonce[0:8]
std::uint64_t first_salt(const NewNonce&, const Nonce& server_nonce);

// SHA1(new_nonce)[4:20]: the hash in server_DH_params_fail
NonceHash params_fail_hash(const NewNonce&);

Bytes seal(ByteView object, const TmpAes&, tl::Random&);

// errc::exchange_malformed where the length is none that the exchange has.
tl::Result<SecretBytes> unseal(ByteView sealed, const TmpAes&);

// Checks what was unsealed, given how long the object in it proved to be (none: it can't be read).
// errc::bad_answer_hash, bad_answer_padding.
tl::Result<void> check_unsealed(ByteView plain, std::optional<std::size_t> object_size);

// The object in what was unsealed. Its views point into `plain`.
template <class Object>
tl::Result<Object> read_unsealed(ByteView plain) {
  tl::Reader in(plain.subspan(sizeof(Sha1)));
  auto object = Object::read(in);
  const auto size = in ? std::optional(in.offset()) : std::nullopt;
  if (auto checked = check_unsealed(plain, size); !checked) return checked.error();
  return object;
}

// Big-endian without leading zeros, as p and q go over the wire.
Bytes minimal(std::uint64_t);
// None for a number of more than eight bytes.
std::optional<std::uint64_t> from_big_endian(ByteView);

}  // namespace mtproto
