// OpenSSL's objects as owning pointers, and numbers as bytes. For the .cpp files of this folder
// only. What fails here fails for want of memory (or a broken library): std::bad_alloc.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>
#include <new>

#include "mtproto/crypto/secret.hpp"

namespace mtproto::openssl {

template <auto free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};

// Cleared when it goes: most of our numbers are secrets, and it costs nothing for the others.
using Number = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using NumberContext = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;
using Montgomery = std::unique_ptr<BN_MONT_CTX, Deleter<BN_MONT_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER, Deleter<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Deleter<EVP_CIPHER_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD, Deleter<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

template <class T>
T* need(T* object) {
  if (object == nullptr) throw std::bad_alloc();
  return object;
}

inline void need(int succeeded) {
  if (succeeded != 1) throw std::bad_alloc();
}

inline Number number() { return Number(need(BN_new())); }

inline Number number(ByteView big_endian) {
  return Number(need(BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr)));
}

inline Number secret_number(ByteView big_endian) {
  auto out = number(big_endian);
  BN_set_flags(out.get(), BN_FLG_CONSTTIME);
  return out;
}

inline NumberContext number_context() { return NumberContext(need(BN_CTX_new())); }

// Padded with zeros on the left to the whole of `out`, which must be long enough.
inline void put(const BIGNUM* value, std::span<std::uint8_t> out) {
  need(BN_bn2binpad(value, out.data(), static_cast<int>(out.size())) >= 0 ? 1 : 0);
}

}  // namespace mtproto::openssl
