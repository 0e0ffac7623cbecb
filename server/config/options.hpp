// What `streamjson` was told by flags, environment and file. Parsed and checked once, at start;
// immutable afterwards. A flag wins over the environment (STREAMJSON_…), that over --config FILE.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/framing/transport.hpp"

namespace server {

// What goes into initConnection and sign-in calls; a connection may override each by `options`.
struct AppIdentity {
  std::int32_t api_id = 0;  // 0: none known
  std::string api_hash;     // secret: never printed
  std::string device_model = "streamjson";
  std::string system_version;  // default: the kernel's name and release
  std::string app_version;     // default: our version
  std::string lang_code = "en";

  bool operator==(const AppIdentity&) const = default;
};

struct SandboxOptions {
  bool enabled = false;
  std::uint16_t port = 15430;   // data centre N listens on port + N; 0: any free ports
  std::string key_file;         // RSA private key, made if absent
  std::string public_key_file;  // where to write the public PEM
  std::string state_file;       // remembered across restarts
  std::string faults_file;      // what is to go wrong
  std::string mtproxy;          // the secret of its MTProxy, on `port` itself; empty: none
  bool strict_sessions = true;  // a key that speaks in two sessions at once is gone
};

// --server HOST:PORT with --rsa FILE: one address in the place of the table.
struct CustomServer {
  std::string host;
  std::uint16_t port = 0;
  std::string rsa_pem;  // the file's text
};

struct Options {
  std::string host = "localhost";  // 127.0.0.1 and ::1 both
  std::uint16_t port = 1543;       // 0: any free port, printed
  bool tcp = true;                 // false where only --listen unix:PATH was asked for
  std::optional<std::string> unix_path;

  std::string token_file;                 // lines name:token; empty: none is asked for
  std::string tls_cert, tls_key;          // both or none
  std::vector<std::string> allow_host;    // access::to_string(Authority)
  std::vector<std::string> allow_origin;  // as access::normal_origin() gives them
  std::vector<std::string> trust_proxy;   // as access::TrustedProxies takes them
  bool insecure = false;                  // beyond loopback without token and TLS
  std::string web;                        // a folder in the place of the console's own files
  bool ws_compression = false;

  bool verbose = false;
  bool print_tracebacks = false;
  bool send_tracebacks = false;
  std::string log_level = "info";
  bool log_json = false;

  std::vector<std::string> schemes;  // files; empty: the installed or built api.tl
  std::optional<int> layer;
  AppIdentity app;

  int dc = 2;
  bool test_dcs = false;
  std::optional<CustomServer> server;
  std::vector<std::string> allow_server;  // HOST, HOST:PORT or *; beyond loopback only these
  mtproto::Framing transport = mtproto::Framing::intermediate;
  bool obfuscated = false;
  std::string proxy;                     // upstream::read_proxy(); secret: never printed
  std::vector<std::string> allow_proxy;  // like allow_server
  SandboxOptions sandbox;

  std::string store;      // as store::read_store_url() takes it; empty: none; secret: never printed
  std::string store_key;  // a file; empty: where store::find_key_file() looks
  std::string node_url;   // where other nodes reach this one; may be empty
  std::string node_ca;    // a file: by whose certificates they are known; empty: the system's
  std::chrono::milliseconds lease_ttl{10'000};  // at least a second
  std::vector<std::string> allow_webhook;       // as webhooks::AllowedWebhooks takes them
  unsigned updates_kept = 100'000;              // of an account's log, the newest
  unsigned updates_kept_days = 7;               // … and none that are older

  bool ignore_unknown = false;
  bool pfs = false;
  std::chrono::milliseconds rpc_timeout{10'000};
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds drain{5'000};  // for what was asked, at the end
  std::size_t max_line = std::size_t{16} << 20;
  std::size_t max_memory = std::size_t{1} << 30;
  unsigned max_connections = 0;                // 0: as many as open files allow
  unsigned max_connections_per_address = 256;  // 0: any number; never counted on loopback
  unsigned threads = 0;                        // 0: one a core

  bool check_config = false;
  std::vector<std::string> faults;  // for --check-config: what is wrong with options themselves
  bool print_config = false;
  std::string printed_config;
};

// Reads argv, environment and file. Prints help, version or what is wrong itself; none: exit with
// `status`.
std::optional<Options> read_options(int argc, const char* const* argv, int& status);

}  // namespace server
