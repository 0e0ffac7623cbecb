// RSA keys for tests: Telegram's public ones, and one of our own made once a run (no private key
// lies in the repository).
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "mtproto/crypto/rsa.hpp"
#include "tests/support/places.hpp"

namespace support {

// "test" or "production"
inline mtproto::RsaPublicKey telegram_key(const std::string& name) {
  std::ifstream in(support::data_folder() + "/rsa_telegram_" + name + ".pem");
  const std::string pem(std::istreambuf_iterator<char>(in), {});
  auto key = mtproto::RsaPublicKey::from_pem(pem);
  if (!key) throw std::runtime_error("no RSA key: " + name);
  return *key;
}

inline const mtproto::RsaPrivateKey& test_key() {
  static const auto key = mtproto::RsaPrivateKey::generate();
  return key;
}

}  // namespace support
