// A certificate and its key, made anew, and what OpenSSL's objects need to be owned.
#pragma once

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "server/channel/tls_context.hpp"
#include "tests/server/access/temporary_file.hpp"

namespace support {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Ssl = std::unique_ptr<SSL, Free<SSL_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;

inline std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

struct Pair {
  Key key{EVP_EC_gen("P-256")};
  std::string cert_pem, key_pem, locked_pem;

  Pair() {
    const Certificate cert(X509_new());
    X509_set_version(cert.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
    X509_set_pubkey(cert.get(), key.get());
    const auto* name = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC, name, -1, -1,
                               0);
    X509_set_issuer_name(cert.get(), X509_get_subject_name(cert.get()));
    REQUIRE(X509_sign(cert.get(), key.get(), EVP_sha256()) > 0);
    const Bio out(BIO_new(BIO_s_mem())), open(BIO_new(BIO_s_mem())), shut(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), cert.get());
    PEM_write_bio_PrivateKey(open.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_PKCS8PrivateKey(shut.get(), key.get(), EVP_aes_128_cbc(), "secret", 6, nullptr,
                                  nullptr);
    cert_pem = text_of(out);
    key_pem = text_of(open);
    locked_pem = text_of(shut);
  }
};

inline const Pair& ours() {
  static const Pair pair;
  return pair;
}

inline std::shared_ptr<SSL_CTX> server_context() {
  const server::test::TemporaryFile cert(ours().cert_pem), key(ours().key_pem);
  const auto loaded = server::channel::load_tls_context(cert.name(), key.name());
  REQUIRE(loaded);
  return *loaded;
}

}  // namespace support
