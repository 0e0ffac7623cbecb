// What the server's side of TLS is made of: two PEM files, read once into a snapshot that
// connections keep while a later one takes its place. TLS 1.2 with forward secrecy, or 1.3.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "tl/result.hpp"

namespace server::channel {

// `cert` holds the server's certificate and the chain behind it, `key` its private key without a
// passphrase. An error is a sentence that names the file.
tl::Result<std::shared_ptr<SSL_CTX>, std::string> load_tls_context(const std::string& cert,
                                                                   const std::string& key);

}  // namespace server::channel
