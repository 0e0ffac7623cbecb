#include "server/config/complete.hpp"

#include "mtproto/crypto/rsa.hpp"
#include "server/config/config_file.hpp"
#include "server/config/exposure.hpp"
#include "server/config/system_version.hpp"
#include "server/config/values.hpp"

namespace server::config {

namespace {

std::string check_server(const OptionDraft& draft) {
  const auto& options = draft.options;
  const bool custom = !draft.server.empty();
  if (options.sandbox.enabled && (custom || options.test_dcs)) {
    return "--sandbox: it does not go with --server or --test-dcs; which Telegram is it to be?";
  }
  if (custom && options.test_dcs) return "--server: it does not go with --test-dcs";
  if (custom && draft.rsa_file.empty()) {
    return "--server: it needs --rsa FILE, the server's public key";
  }
  if (!custom && !draft.rsa_file.empty()) return "--rsa: it goes with --server HOST:PORT";
  if (options.obfuscated && options.transport == mtproto::Framing::full) {
    return "--obfuscated: full framing can't be obfuscated";
  }
  const int most = options.sandbox.enabled || options.test_dcs ? 3 : 5;
  if (!custom && options.dc > most) {
    return "--dc: there are data centres 1 to " + std::to_string(most);
  }
  return "";
}

// --server with the text of --rsa.
std::string join_server(OptionDraft& draft) {
  if (draft.server.empty() || draft.rsa_file.empty()) return "";
  const auto pem = read_small_file(draft.rsa_file);
  if (!pem) return "--rsa: " + pem.error().text;
  if (!mtproto::RsaPublicKey::from_pem(*pem)) {
    return "--rsa: " + draft.rsa_file + ": no RSA public key of 2048 bits in PEM";
  }
  const auto address = parse_host_port(draft.server);
  draft.options.server = CustomServer{address->host, address->port, *pem};
  return "";
}

std::string check_sandbox(const SandboxOptions& sandbox, const Said& said) {
  if (sandbox.enabled && sandbox.port > 65535 - 3) {
    return "--sandbox-port: too high for data centres 1 to 3 above it";
  }
  if (sandbox.enabled) return "";
  // Variables and the file may wait for a sandbox.
  for (const auto* only : {"sandbox-port", "sandbox-key", "sandbox-public-key", "sandbox-state",
                           "sandbox-faults", "sandbox-mtproxy"}) {
    if (!said.by(Source::arguments, only).empty()) {
      return "--" + std::string(only) + ": this goes with --sandbox";
    }
  }
  return "";
}

std::string check_listening(const Options& options) {
  if (options.max_memory < options.max_line) {
    return "max-memory: less than max-line, so that no such line could be read";
  }
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    return options.tls_key.empty() ? "--tls-cert: it needs --tls-key FILE, its private key"
                                   : "--tls-key: it goes with --tls-cert FILE";
  }
  return exposure_refusal(options, !certainly_exposed(options)).value_or("");
}

}  // namespace

std::string complete(OptionDraft& draft, const Said& said) {
  auto& options = draft.options;
  options.tcp = !options.unix_path || said.has("host") || said.has("port");
  if (options.app.app_version.empty()) options.app.app_version = STREAMJSON_VERSION;
  if (options.app.system_version.empty()) options.app.system_version = system_version();
  auto wrong = check_listening(options);
  add_lines(check_server(draft), wrong);
  add_lines(check_sandbox(options.sandbox, said), wrong);
  add_lines(join_server(draft), wrong);
  return wrong;
}

}  // namespace server::config
