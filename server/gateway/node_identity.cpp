#include "server/gateway/node_identity.hpp"

#include <openssl/crypto.h>

#include "mtproto/crypto/hmac.hpp"
#include "tl/hex.hpp"

namespace server {

namespace ssl = boost::asio::ssl;

std::string node_token(tl::ByteView master_key) {
  constexpr std::string_view purpose = "streamjson: what nodes show each other";
  return tl::to_hex(mtproto::hmac_sha256(master_key, {tl::as_bytes(purpose)}));
}

tl::Result<std::shared_ptr<const NodeIdentity>, std::string> NodeIdentity::make(
    std::string token, const std::string& ca_file) {
  auto tls = std::make_unique<ssl::context>(ssl::context::tls_client);
  tls->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  tls->set_verify_mode(ssl::verify_peer);
  boost::system::error_code why;
  if (ca_file.empty()) {
    tls->set_default_verify_paths(why);
  } else {
    tls->load_verify_file(ca_file, why);
  }
  if (why) return "--node-ca: " + ca_file + ": " + why.message();
  return std::make_shared<const NodeIdentity>(std::move(token), std::move(tls));
}

bool NodeIdentity::is_token(std::string_view shown) const {
  return shown.size() == token_.size() &&
         CRYPTO_memcmp(shown.data(), token_.data(), token_.size()) == 0;
}

}  // namespace server
