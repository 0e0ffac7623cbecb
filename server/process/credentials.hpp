// What is read from the files of --token-file, --tls-cert and --tls-key: at start, and again on
// SIGHUP.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "server/access/token_file.hpp"
#include "server/config/options.hpp"
#include "tl/result.hpp"

namespace server {

struct Credentials {
  std::shared_ptr<const access::Tokens> tokens;  // none: no token is wanted
  std::shared_ptr<SSL_CTX> tls;                  // none: no TLS
};

// The error is a sentence for people.
tl::Result<Credentials, std::string> load_credentials(const Options&);

}  // namespace server
