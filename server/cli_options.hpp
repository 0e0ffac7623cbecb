// What signin-cli was told by its arguments.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/crypto/secret.hpp"
#include "server/config/options.hpp"

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
  AppIdentity app;
};

struct CliReading {
  std::optional<CliOptions> options;  // none: print, then exit with status
  int status = 0;
  std::string out;
  std::string err;
};

CliReading read_cli_options(
    std::vector<std::string> arguments,
    const std::function<std::optional<std::string>(const std::string& name)>& environment);

}  // namespace server
