#include "server/process/credentials.hpp"

#include "server/channel/tls_context.hpp"

namespace server {

tl::Result<Credentials, std::string> load_credentials(const Options& options) {
  Credentials out;
  if (!options.token_file.empty()) {
    auto tokens = access::Tokens::load(options.token_file);
    if (!tokens) return tokens.error();
    out.tokens = std::move(*tokens);
  }
  if (!options.tls_cert.empty()) {
    auto context = channel::load_tls_context(options.tls_cert, options.tls_key);
    if (!context) return context.error();
    out.tls = std::move(*context);
  }
  return out;
}

}  // namespace server
