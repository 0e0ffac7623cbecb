#include "server/channel/tls_context.hpp"

#include <openssl/err.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <string_view>
#include <system_error>

#include "server/access/secret_file.hpp"
#include "server/logs/logger.hpp"

namespace server::channel {
namespace {

// Browsers offer h2 first; a client that offers nothing we speak may still speak JSON lines.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, size, ours, sizeof ours - 1, offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// A daemon has nobody to ask on its terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

void set_up(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Clients keep their tickets; a table of sessions here would only grow.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

std::string unreadable(const std::string& file) {
  if (::access(file.c_str(), R_OK) == 0) return "";
  return file + ": " + std::generic_category().message(errno);
}

// Empty, or what is wrong with the two.
std::string read_pair(SSL_CTX* context, const std::string& cert, const std::string& key) {
  for (const auto* file : {&cert, &key}) {
    if (auto wrong = unreadable(*file); !wrong.empty()) return wrong;
  }
  if (SSL_CTX_use_certificate_chain_file(context, cert.c_str()) != 1) {
    return cert + ": no certificate in PEM, or one that is too weak";
  }
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const auto code = ERR_peek_last_error();
    const bool other = ERR_GET_LIB(code) == ERR_LIB_X509;
    return key + (other ? ": not the key of the certificate in " + cert
                        : ": no private key in PEM without a passphrase");
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return key + ": not the key of the certificate in " + cert;
  }
  return "";
}

}  // namespace

tl::Result<std::shared_ptr<SSL_CTX>, std::string> load_tls_context(const std::string& cert,
                                                                   const std::string& key) {
  using Out = tl::Result<std::shared_ptr<SSL_CTX>, std::string>;
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  set_up(context.get());
  ERR_clear_error();
  const auto wrong = read_pair(context.get(), cert, key);
  ERR_clear_error();
  if (!wrong.empty()) return Out(wrong);
  if (const auto warning = access::open_to_others(key)) logs::warn("--tls-key: {}", *warning);
  return Out(context);
}

}  // namespace server::channel
