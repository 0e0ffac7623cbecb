#include "server/process/config_check.hpp"

#include <openssl/asn1.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>

#include "server/config/exposure.hpp"
#include "server/config/schemes.hpp"
#include "server/gateway/node_identity.hpp"
#include "server/logs/logger.hpp"
#include "server/process/credentials.hpp"
#include "server/process/listeners.hpp"
#include "server/upstream/proxy/proxy.hpp"

namespace server {
namespace {

namespace asio = boost::asio;
using Faults = std::vector<std::string>;

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, slash + 1);
}

std::string refused(const std::string& path) {
  return path + ": " + std::generic_category().message(errno);
}

void check_readable(const std::string& option, const std::string& path, Faults& faults) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0 || ::access(path.c_str(), R_OK) != 0) {
    faults.push_back(option + ": " + refused(path));
  } else if (!S_ISREG(file.st_mode)) {
    faults.push_back(option + ": " + path + ": it is no regular file");
  }
}

// What is written whole beside it and renamed; it need not be there yet.
void check_replaceable(const std::string& option, const std::string& path, Faults& faults) {
  if (path.empty()) return;
  struct stat file {};
  if (::stat(path.c_str(), &file) == 0) check_readable(option, path, faults);
  const auto folder = folder_of(path);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) faults.push_back(option + ": " + refused(folder));
}

void check_schemes(const Options& options, Faults& faults) {
  std::vector<std::string> warnings;
  const auto loaded = load_schemes(options.schemes, options.layer, &warnings);
  for (const auto& warning : warnings) logs::warn("{}", warning);
  if (!loaded) faults.push_back(loaded.error());
}

void check_dates(const std::string& file, SSL_CTX* context, Faults& faults) {
  const auto* certificate = SSL_CTX_get0_certificate(context);
  if (certificate == nullptr) return;
  const auto begin = X509_cmp_current_time(X509_get0_notBefore(certificate));
  const auto end = X509_cmp_current_time(X509_get0_notAfter(certificate));
  if (begin > 0) faults.push_back("--tls-cert: " + file + ": its time has not begun yet");
  if (end < 0) faults.push_back("--tls-cert: " + file + ": it has expired");
}

// Each alone, so that one fault does not hide the other.
void check_credentials(const Options& options, Faults& faults) {
  Options tokens, tls;
  tokens.token_file = options.token_file;
  if (const auto loaded = load_credentials(tokens); !loaded) {
    faults.push_back("--token-file: " + loaded.error());
  }
  if (const auto node = NodeIdentity::make({}, options.node_ca); !node) {
    faults.push_back(node.error());
  }
  if (options.tls_cert.empty() || options.tls_key.empty()) return;
  tls.tls_cert = options.tls_cert;
  tls.tls_key = options.tls_key;
  const auto loaded = load_credentials(tls);
  if (!loaded) {
    faults.push_back("--tls-cert, --tls-key: " + loaded.error());
  } else {
    check_dates(options.tls_cert, loaded->tls.get(), faults);
  }
}

void check_name(const std::string& option, const std::string& host, Faults& faults) {
  asio::io_context context;
  boost::system::error_code why;
  asio::ip::tcp::resolver(context).resolve(host, "", why);
  if (why) faults.push_back(option + ": " + host + ": " + why.message());
}

void check_names(const Options& options, Faults& faults) {
  if (options.server) check_name("--server", options.server->host, faults);
  if (options.proxy.empty()) return;
  if (const auto proxy = upstream::read_proxy(options.proxy)) {
    check_name("--proxy", proxy->at.host, faults);
  }
}

// What throws on the way.
template <class Try>
void try_to(Try attempt, Faults& faults) {
  try {
    attempt();
  } catch (const std::runtime_error& failure) {
    faults.emplace_back(failure.what());
  }
}

void check_socket_file(const std::string& path, Faults& faults) {
  try_to([&] { Listeners::check_unix(path); }, faults);
  const auto folder = folder_of(path);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) faults.push_back("--listen: " + refused(folder));
}

// All are held at a time, so that the sandbox's are seen not to be ours.
void check_listening(const Options& options, Faults& faults) {
  asio::io_context context;
  Listeners ours(context), sandbox(context);
  if (options.tcp) {
    try_to([&] { ours.listen_tcp(options.host, options.port); }, faults);
    const auto wrong = config::exposure_refusal(options, ours.loopback_only());
    if (wrong && options.faults.empty()) faults.push_back(*wrong);
  }
  if (options.unix_path) check_socket_file(*options.unix_path, faults);
  if (!options.sandbox.enabled || options.sandbox.port == 0) return;
  const int first = options.sandbox.mtproxy.empty() ? 1 : 0;
  for (int more = first; more <= 3; ++more) {
    const auto port = static_cast<std::uint16_t>(options.sandbox.port + more);
    try_to([&] { sandbox.listen_tcp("127.0.0.1", port, "--sandbox-port"); }, faults);
  }
}

}  // namespace

std::vector<std::string> check_config(const Options& options) {
  auto faults = options.faults;
  check_schemes(options, faults);
  check_credentials(options, faults);
  check_names(options, faults);
  check_listening(options, faults);
  if (options.sandbox.enabled) {
    check_replaceable("--sandbox-key", options.sandbox.key_file, faults);
    check_replaceable("--sandbox-public-key", options.sandbox.public_key_file, faults);
    check_replaceable("--sandbox-state", options.sandbox.state_file, faults);
  }
  return faults;
}

}  // namespace server
