#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "mtproto/crypto/aes.hpp"
#include "mtproto/crypto/rsa_parts.hpp"
#include "mtproto/crypto/sha.hpp"
#include "mtproto/errc.hpp"

namespace mtproto {
namespace {

using Block = Secret<rsa_size>;

// Blinded and constant-time inside OpenSSL. Fails for a number that is not below n.
bool raw_decrypt(EVP_PKEY* key, ByteView encrypted, Block& out) {
  if (encrypted.size() != rsa_size) return false;
  openssl::KeyContext context(openssl::need(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)));
  openssl::need(EVP_PKEY_decrypt_init(context.get()));
  openssl::need(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING));
  auto size = rsa_size;
  const bool decrypted = EVP_PKEY_decrypt(context.get(), out.bytes().data(), &size,
                                          encrypted.data(), encrypted.size()) == 1;
  ERR_clear_error();
  return decrypted && size == rsa_size;
}

// RSA_PAD backwards (rsa_public.cpp has the formula). Always does all of the work.
bool unpad(const Block& block, std::span<std::uint8_t, rsa_pad_data> out) {
  Secret<224> hashed(block.bytes().subspan<32>());
  AesKey temp_key;
  const auto encrypted_hash = sha256({hashed.bytes()});
  for (std::size_t i = 0; i < 32; ++i) temp_key.bytes()[i] = block.bytes()[i] ^ encrypted_hash[i];
  ige_decrypt(temp_key, IgeIv{}, hashed.bytes());
  auto reversed = hashed.bytes().first<rsa_pad_data>();
  std::reverse_copy(reversed.begin(), reversed.end(), out.begin());
  return same_secret(sha256({temp_key.bytes(), out}), hashed.bytes().subspan<rsa_pad_data>());
}

// The scheme before RSA_PAD: 0 | SHA1(data) | data | padding. Where data ends only its parser
// knows, so the hash is tried at every end that TL allows.
bool unpad_old(const Block& block) {
  const auto hash = block.bytes().subspan<1, 20>();
  const auto data = block.bytes().subspan<21>();
  bool found = false;
  for (std::size_t size = 4; size <= data.size(); size += 4) {
    found |= same_secret(sha1({data.first(size)}), hash);
  }
  return found & (block.bytes()[0] == 0);
}

int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

struct RsaPrivateKey::Key {
  openssl::Key key;
};

RsaPrivateKey::RsaPrivateKey(std::shared_ptr<const Key> key, RsaPublicKey public_key)
    : key_(std::move(key)), public_(std::move(public_key)) {}

RsaPrivateKey RsaPrivateKey::generate() {
  openssl::Key key(openssl::need(EVP_RSA_gen(2048)));  // e = 65537
  openssl::need(EVP_PKEY_up_ref(key.get()));
  auto shared = RsaPublicKey::Key::from(openssl::Key(key.get()));
  openssl::need(shared ? 1 : 0);
  return {std::make_shared<const Key>(Key{std::move(key)}), RsaPublicKey(std::move(shared))};
}

tl::Result<RsaPrivateKey> RsaPrivateKey::from_pem(std::string_view pem) {
  openssl::Bio bio(openssl::need(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
  openssl::Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) return make_error_code(errc::bad_key);
  openssl::need(EVP_PKEY_up_ref(key.get()));
  auto shared = RsaPublicKey::Key::from(openssl::Key(key.get()));
  if (!shared) return make_error_code(errc::bad_key);
  return RsaPrivateKey(std::make_shared<const Key>(Key{std::move(key)}),
                       RsaPublicKey(std::move(shared)));
}

std::string RsaPrivateKey::to_pem() const {
  openssl::Bio bio(openssl::need(BIO_new(BIO_s_secmem())));
  openssl::need(
      PEM_write_bio_PrivateKey(bio.get(), key_->key.get(), nullptr, nullptr, 0, nullptr, nullptr));
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

const RsaPublicKey& RsaPrivateKey::public_key() const { return public_; }

// Which check failed, or which scheme it was, must not show, in time neither: both are always
// tried.
tl::Result<Bytes> RsaPrivateKey::decrypt(ByteView encrypted) const {
  Block block;
  Secret<rsa_pad_data> padded;
  const bool decrypted = raw_decrypt(key_->key.get(), encrypted, block);
  const bool is_padded = unpad(block, padded.bytes());
  const bool is_old = unpad_old(block);
  if (!(decrypted & (is_padded | is_old))) return make_error_code(errc::bad_rsa_pad);
  const ByteView data =
      is_padded ? ByteView(padded.bytes()) : std::as_const(block).bytes().subspan<21>();
  return Bytes(data.begin(), data.end());
}

}  // namespace mtproto
