// What signin-cli was told by its arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mtproto/crypto/secret.hpp"
#include "server/config/options.hpp"
#include "server/config/program.hpp"
#include "tl/notation.hpp"

namespace server {

struct CliOptions {
  std::string host = "localhost";
  std::uint16_t port = 1543;
  std::optional<std::string> unix_path;  // instead of host and port
  std::optional<std::string> token_file;
  mtproto::SecretBytes token;  // what is in it, once it is read
  bool tls = false;
  std::optional<std::string> tls_ca;  // who vouches for the server; none: the system's authorities
  std::optional<std::string> phone;   // none: asked for
  std::optional<std::string> password;  // secret; none: asked for
  std::optional<std::string> import;    // read this file instead of signing in
  std::optional<tl::Notation> json;     // that the line asks for; none: it does not
  AppIdentity app;
};

config::Reading<CliOptions> read_cli_options(const config::Sources&);

}  // namespace server
