// Telegram's RSA keys and RSA_PAD, the only padding that our client sends.
// core.telegram.org/mtproto/auth_key#41-rsa-paddata-server-public-key-mentioned-above-is-implemented-as-follows
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mtproto/crypto/secret.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"

namespace mtproto {

// 2048 bits. Copies share one immutable key.
class RsaPublicKey {
 public:
  // PEM, "RSA PUBLIC KEY" (PKCS#1) or "PUBLIC KEY". errc::bad_key where it is none, or shorter
  // than 2048 bits, or longer.
  static tl::Result<RsaPublicKey> from_pem(std::string_view pem);

  // SHA1(n | e as TL strings)[12:20], little-endian.
  std::uint64_t fingerprint() const;
  std::string to_pem() const;  // PKCS#1

  // At most 144 bytes of data.
  std::array<std::uint8_t, 256> encrypt_padded(ByteView data, tl::Random& random) const;
  // value^e mod n of a big-endian number below n; errc::bad_key where it is not below n.
  tl::Result<std::array<std::uint8_t, 256>> raw(std::span<const std::uint8_t, 256> value) const;

 private:
  friend class RsaPrivateKey;
  struct Key;
  explicit RsaPublicKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}

  std::shared_ptr<const Key> key_;
};

// The sandbox's half.
class RsaPrivateKey {
 public:
  static RsaPrivateKey generate();
  static tl::Result<RsaPrivateKey> from_pem(std::string_view pem);
  std::string to_pem() const;
  const RsaPublicKey& public_key() const;

  // The inner data (with its random tail) from RSA_PAD, or from the older SHA1(data) | data |
  // padding, which old real clients still send. One uniform errc::bad_rsa_pad for every failure.
  tl::Result<Bytes> decrypt(ByteView encrypted) const;

 private:
  struct Key;
  RsaPrivateKey(std::shared_ptr<const Key>, RsaPublicKey);

  std::shared_ptr<const Key> key_;
  RsaPublicKey public_;
};

}  // namespace mtproto
