#include "server/config/option_table.hpp"

#include <array>

#include "server/config/option_setters.hpp"

namespace server {

namespace {

using namespace setters;

constexpr Setting listening[] = {
    {"host", "HOST",
     "Bind to HOST (localhost: 127.0.0.1 and ::1 both). Any other than loopback wants --token-file "
     "and --tls-cert",
     host},
    {"port", "PORT", "Listen on PORT (1543). 0: any free port, printed at start", port<own_port>},
    {"listen", "unix:PATH",
     "Listen on a socket file that only its owner can open (mode 0600); beside TCP where --host or "
     "--port is given too, else instead of it",
     listen},
    {"web", "DIR", "Serve the web console's files from DIR instead of those built in", web},
    {"ws-compression", "",
     "Compress WebSocket messages where the client offers it: 129 KiB of memory a socket",
     flag<&Options::ws_compression>},
};

constexpr Setting admission[] = {
    {"token-file", "FILE",
     "Ask clients for one of the tokens in FILE: lines `name:token`, of at least 16 characters, "
     "that nobody else may read. Read again on SIGHUP",
     file<&Options::token_file>},
    {"tls-cert", "FILE",
     "Take TLS on the same port, with this certificate and its chain in PEM. Read again on SIGHUP",
     file<&Options::tls_cert>},
    {"tls-key", "FILE", "The private key of --tls-cert, in PEM", file<&Options::tls_key>},
    {"allow-host", "NAME",
     "A name under which browsers may reach this gateway, beside loopback's own: NAME, on any "
     "port, or NAME:PORT. Repeatable",
     allow_host, true},
    {"allow-origin", "ORIGIN",
     "Another site whose pages may use this gateway: https://example.org. Repeatable", allow_origin,
     true},
    {"trust-proxy", "ADDRESS",
     "A proxy in front of this gateway, whose word is taken for its clients' addresses: a PROXY "
     "protocol header, Forwarded or X-Forwarded-For. ADDRESS, ADDRESS/BITS, or unix for who comes "
     "to the socket file. Repeatable",
     trust_proxy, true},
    {"insecure", "",
     "Listen beyond loopback without token or TLS, for those behind a proxy that sees to both",
     flag<&Options::insecure>},
};

constexpr Setting telegram[] = {
    {"api-id", "ID",
     "Your app's number from https://my.telegram.org/apps. TELEGRAM_API_ID in the environment does "
     "as well",
     api_id, false, true},
    {"api-hash", "HASH", "What goes with it. TELEGRAM_API_HASH does as well",
     identity<&AppIdentity::api_hash>, false, true},
    {"dc", "N", "The data centre to begin with (2)", dc},
    {"test-dcs", "", "Telegram's test environment instead of the real one",
     flag<&Options::test_dcs>},
    {"server", "HOST:PORT", "Another Telegram, at one address; needs --rsa", custom_server},
    {"rsa", "FILE", "The RSA public key of --server, in PEM", rsa_file},
    {"allow-server", "HOST",
     "Listening beyond loopback, a client may set its `server` to these alone: HOST, HOST:PORT or "
     "*. Repeatable",
     allow_server, true},
    {"transport", "NAME",
     "How to speak with Telegram: abridged, intermediate, padded or full (intermediate)",
     transport},
    {"obfuscated", "", "Hide from onlookers that this is Telegram's protocol",
     flag<&Options::obfuscated>},
    {"proxy", "URL",
     "Reach Telegram through socks5://USER:PASSWORD@HOST:PORT, http://HOST:PORT or an MTProxy's "
     "link, tg://proxy?server=HOST&port=PORT&secret=SECRET",
     proxy, false, true},
    {"allow-proxy", "HOST",
     "Listening beyond loopback, a client may set its `server.proxy` to these alone: HOST, "
     "HOST:PORT or *. Repeatable",
     allow_proxy, true},
    {"connect-timeout", "TIME", "How long to wait for a connection to Telegram (10)",
     duration<&Options::connect_timeout>},
    {"pfs", "",
     "Perfect forward secrecy: encrypt by temporary keys that last a day at most and are stored "
     "nowhere",
     flag<&Options::pfs>},
    {"rpc-timeout", "TIME", "How long to wait for an answer, connecting included (10)",
     duration<&Options::rpc_timeout>},
};

constexpr Setting device[] = {
    {"device-model", "TEXT", "What the list of devices calls this one (streamjson)",
     identity<&AppIdentity::device_model>},
    {"system-version", "TEXT", "On what it runs (the kernel's name and release)",
     identity<&AppIdentity::system_version>},
    {"app-version", "TEXT", "What version it has (that of streamjson)",
     identity<&AppIdentity::app_version>},
    {"lang-code", "CODE", "The language of Telegram's own texts (en)",
     identity<&AppIdentity::lang_code>},
};

constexpr Setting sandboxed[] = {
    {"sandbox", "",
     "A Telegram of its own in this process, with people to sign in as. It is made "
     "for trying and testing: it forgets everything at exit",
     sandbox},
    {"sandbox-port", "PORT", "Its data centre N listens on PORT + N (15430). 0: any free ports",
     port<sandbox_port>},
    {"sandbox-key", "FILE", "Its RSA private key; made if the file is not there (a fresh one)",
     sandbox_file<&SandboxOptions::key_file>},
    {"sandbox-public-key", "FILE", "Where to write the public one, for other clients",
     sandbox_file<&SandboxOptions::public_key_file>},
    {"sandbox-state", "FILE", "Where to remember everything across restarts",
     sandbox_file<&SandboxOptions::state_file>},
    {"sandbox-faults", "FILE",
     "What is to go wrong in it, and how often (server/sandbox/FAULTS.md). Read again on SIGHUP",
     sandbox_file<&SandboxOptions::faults_file>},
    {"sandbox-mtproxy", "SECRET",
     "An MTProxy before it, on the port given by --sandbox-port: 32 hexadecimal digits, after dd "
     "or "
     "ee as you want it tried",
     sandbox_mtproxy},
};

constexpr Setting values[] = {
    {"scheme", "FILE",
     "A TL scheme (api.tl as it was built or installed). Repeatable: a layer each; connections "
     "speak the first unless they choose",
     scheme_file, true},
    {"layer", "N", "The layer of a scheme whose file has no line `// LAYER N`", layer},
    {"ignore-unknown", "", "Drop unknown fields of TL objects instead of refusing them",
     flag<&Options::ignore_unknown>},
};

constexpr Setting limits[] = {
    {"max-line", "BYTES", "The longest line or message from a client (16M)",
     size<&Options::max_line, 256>},
    {"max-memory", "BYTES", "What clients and data centres may make it hold, in all (1G)",
     size<&Options::max_memory, (std::size_t{1} << 20)>},
    {"max-connections", "N", "Connections at a time (0: as many as open files allow)",
     count<&Options::max_connections, 10'000'000>},
    {"max-connections-per-address", "N",
     "Connections at a time from one address (IPv6: one /64), other than loopback (256; 0: any "
     "number)",
     count<&Options::max_connections_per_address, 10'000'000>},
    {"threads", "N", "Threads that serve connections (0: one a core)",
     count<&Options::threads, 1024>},
};

constexpr Setting diagnosis[] = {
    {"verbose", "", "Copy all objects to stdout, secrets blanked", flag<&Options::verbose>},
    {"print-tracebacks", "", "Print to stderr how errors came about",
     flag<&Options::print_tracebacks>},
    {"send-tracebacks", "", "Send clients how errors came about", flag<&Options::send_tracebacks>},
    {"log-level", "LEVEL", "trace, debug, info, warn, error or off (info)", log_level},
};

constexpr std::array groups{
    SettingGroup{"Listening", listening},
    SettingGroup{"Who may come in", admission},
    SettingGroup{"Which Telegram", telegram},
    SettingGroup{"What Telegram is told of this device", device},
    SettingGroup{"A sandbox instead of Telegram", sandboxed},
    SettingGroup{"Schemes and values", values},
    SettingGroup{"Limits", limits},
    SettingGroup{"Seeing what happens", diagnosis},
};

}  // namespace

std::span<const SettingGroup> setting_groups() { return groups; }

const Setting* find_setting(std::string_view name) {
  for (const auto& group : groups) {
    for (const auto& setting : group.settings) {
      if (setting.name == name) return &setting;
    }
  }
  return nullptr;
}

std::string environment_name(std::string_view option) {
  std::string out = "STREAMJSON_";
  for (const char c : option) {
    out += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  return out;
}

}  // namespace server
