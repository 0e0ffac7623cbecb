#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cassert>
#include <cstring>

#include "mtproto/crypto/aes.hpp"
#include "mtproto/crypto/rsa_parts.hpp"
#include "mtproto/crypto/sha.hpp"
#include "mtproto/errc.hpp"
#include "tl/writer.hpp"

namespace mtproto {
namespace {

openssl::Number parameter(const EVP_PKEY* key, const char* name) {
  BIGNUM* out = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &out) != 1) return nullptr;
  return openssl::Number(out);
}

Bytes minimal(const BIGNUM* value) {
  Bytes out(static_cast<std::size_t>(BN_num_bytes(value)));
  openssl::put(value, out);
  return out;
}

// PKCS #1, as Telegram's own keys are: the decoder of all formats takes longer to be made than a
// gateway to start otherwise.
openssl::Key read_pkcs1(std::string_view pem) {
  if (pem.empty()) return nullptr;
  const openssl::Bio bio(openssl::need(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) return nullptr;
  const std::string_view block(name);
  const unsigned char* at = data;
  openssl::Key out(block == PEM_STRING_RSA_PUBLIC ? d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size)
                                                  : nullptr);
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return out;
}

openssl::Key decode(std::string_view pem) {
  EVP_PKEY* parsed = nullptr;
  std::unique_ptr<OSSL_DECODER_CTX, openssl::Deleter<OSSL_DECODER_CTX_free>> decoder(
      OSSL_DECODER_CTX_new_for_pkey(&parsed, "PEM", nullptr, "RSA", EVP_PKEY_PUBLIC_KEY, nullptr,
                                    nullptr));
  auto* at = reinterpret_cast<const unsigned char*>(pem.data());
  auto left = pem.size();
  const bool decoded = decoder && OSSL_DECODER_from_data(decoder.get(), &at, &left) == 1;
  openssl::Key key(parsed);
  if (!decoded) key.reset();
  return key;
}

std::uint64_t compute_fingerprint(const BIGNUM* n, const BIGNUM* e) {
  Bytes serialised;
  tl::Writer(serialised).bytes(minimal(n)).bytes(minimal(e));
  const auto hash = sha1({serialised});
  std::uint64_t out = 0;
  std::memcpy(&out, hash.data() + 12, sizeof out);
  return out;
}

}  // namespace

std::shared_ptr<const RsaPublicKey::Key> RsaPublicKey::Key::from(openssl::Key key) {
  if (EVP_PKEY_is_a(key.get(), "RSA") != 1 || EVP_PKEY_get_bits(key.get()) != 2048) return nullptr;
  auto out = std::make_shared<Key>();
  out->n = parameter(key.get(), OSSL_PKEY_PARAM_RSA_N);
  out->e = parameter(key.get(), OSSL_PKEY_PARAM_RSA_E);
  if (!out->n || !out->e || !BN_is_odd(out->n.get()) || !BN_is_odd(out->e.get()) ||
      BN_is_one(out->e.get())) {
    return nullptr;
  }
  auto context = openssl::number_context();
  out->montgomery.reset(openssl::need(BN_MONT_CTX_new()));
  openssl::need(BN_MONT_CTX_set(out->montgomery.get(), out->n.get(), context.get()));
  out->fingerprint = compute_fingerprint(out->n.get(), out->e.get());
  out->key = std::move(key);
  return out;
}

tl::Result<RsaPublicKey> RsaPublicKey::from_pem(std::string_view pem) {
  auto key = read_pkcs1(pem);
  if (!key) key = decode(pem);
  ERR_clear_error();
  if (!key) return make_error_code(errc::bad_key);
  auto shared = Key::from(std::move(key));
  if (!shared) return make_error_code(errc::bad_key);
  return RsaPublicKey(std::move(shared));
}

std::uint64_t RsaPublicKey::fingerprint() const { return key_->fingerprint; }

std::string RsaPublicKey::to_pem() const {
  unsigned char* data = nullptr;
  const auto size = i2d_PublicKey(key_->key.get(), &data);
  openssl::need(size > 0 ? 1 : 0);
  const openssl::Bio bio(openssl::need(BIO_new(BIO_s_mem())));
  const bool written = PEM_write_bio(bio.get(), PEM_STRING_RSA_PUBLIC, "", data, size) > 0;
  OPENSSL_free(data);
  openssl::need(written ? 1 : 0);
  char* text = nullptr;
  const auto length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

tl::Result<std::array<std::uint8_t, 256>> RsaPublicKey::raw(
    std::span<const std::uint8_t, 256> value) const {
  auto base = openssl::number(value);
  if (BN_cmp(base.get(), key_->n.get()) >= 0) return make_error_code(errc::bad_key);
  auto context = openssl::number_context();
  auto result = openssl::number();
  openssl::need(BN_mod_exp_mont(result.get(), base.get(), key_->e.get(), key_->n.get(),
                                context.get(), key_->montgomery.get()));
  std::array<std::uint8_t, rsa_size> out{};
  openssl::put(result.get(), out);
  return out;
}

// RSA_PAD:
//   padded    = data | random to 192
//   hashed    = reverse(padded) | SHA256(temp_key | padded)
//   encrypted = AES-IGE(hashed, temp_key, iv 0)
//   block     = temp_key ^ SHA256(encrypted) | encrypted, again with another temp_key if >= n
std::array<std::uint8_t, 256> RsaPublicKey::encrypt_padded(ByteView data,
                                                           tl::Random& random) const {
  assert(data.size() <= rsa_pad_most);
  data = data.first(std::min(data.size(), rsa_pad_most));
  Secret<rsa_pad_data> padded;
  std::copy(data.begin(), data.end(), padded.bytes().begin());
  random.fill(padded.bytes().subspan(data.size()));
  while (true) {
    AesKey temp_key;
    random.fill(temp_key.bytes());
    Secret<rsa_size> block;
    auto mask = block.bytes().first<32>();
    auto encrypted = block.bytes().subspan<32>();
    std::reverse_copy(padded.bytes().begin(), padded.bytes().end(), encrypted.begin());
    const auto hash = sha256({temp_key.bytes(), padded.bytes()});
    std::copy(hash.begin(), hash.end(), encrypted.begin() + rsa_pad_data);
    ige_encrypt(temp_key, IgeIv{}, encrypted);
    const auto encrypted_hash = sha256({encrypted});
    for (std::size_t i = 0; i < mask.size(); ++i) {
      mask[i] = temp_key.bytes()[i] ^ encrypted_hash[i];
    }
    if (auto out = raw(std::as_const(block).bytes())) return *out;
  }
}

}  // namespace mtproto
