#include "server/config/gateway_table.hpp"

#include <algorithm>

#include "server/config/gateway_kinds.hpp"
#include "server/config/kinds.hpp"

namespace server::config {

namespace {

constexpr Traits list{.list = true};
constexpr Traits secret{.secret = true};
constexpr Traits arguments_only{.arguments_only = true};
constexpr Traits config_file{.arguments_only = true, .variable = "STREAMJSON_CONFIG"};
constexpr Traits transports{.words = "abridged intermediate padded full"};
constexpr Traits log_levels{.words = "trace debug info warn error off"};
constexpr Traits log_formats{.words = "text json"};
constexpr Traits truth{.words = "true false"};
constexpr Traits secret_id{.secret = true, .variable = "TELEGRAM_API_ID"};
constexpr Traits secret_hash{.secret = true, .variable = "TELEGRAM_API_HASH"};

Set count(unsigned& to, int most) {
  return number(to, 0, most, "a number, 0 to " + std::to_string(most));
}

Set transport(mtproto::Framing& to) {
  return choice(
      {"abridged", "intermediate", "padded", "full"},
      [&to](std::size_t which) { to = static_cast<mtproto::Framing>(which); },
      [&to] { return static_cast<std::size_t>(to); });
}

Set log_level(std::string& to) {
  static constexpr const char* levels[] = {"trace", "debug", "info", "warn", "error", "off"};
  return choice(
      {std::begin(levels), std::end(levels)}, [&to](std::size_t which) { to = levels[which]; },
      [&to] { return static_cast<std::size_t>(std::ranges::find(levels, to) - levels); });
}

Set log_format(bool& json) {
  return choice(
      {"text", "json"}, [&json](std::size_t which) { json = which == 1; },
      [&json] { return json ? 1 : 0; });
}

// Nothing at all may be due, too.
Set drain(std::chrono::milliseconds& to) {
  const auto usual = duration(to);
  auto take = [&to, usual](const std::string& text) {
    if (text != "0") return usual(text);
    to = {};
    return std::string();
  };
  return {std::move(take), [&to] { return texts_of(to); }};
}

std::vector<Setting> listening(Options& options) {
  return {
      {"host", "HOST",
       "Bind to HOST (localhost: 127.0.0.1 and ::1 both). Any other than loopback wants "
       "--token-file and --tls-cert",
       host(options.host)},
      {"port", "PORT", "Listen on PORT (1543). 0: any free port, printed at start",
       port(options.port)},
      {"listen", "unix:PATH",
       "Listen on a socket file that only its owner can open (mode 0600); beside TCP where --host "
       "or --port is given too, else instead of it",
       socket_file(options.unix_path)},
      {"web", "DIR", "Serve the web console's files from DIR instead of those built in",
       folder(options.web)},
      {"ws-compression", "",
       "Compress WebSocket messages where the client offers it: up to 185 KiB of memory a socket",
       flag(options.ws_compression)},
  };
}

std::vector<Setting> admission(Options& options) {
  return {
      {"token-file", "FILE",
       "Ask clients for one of the tokens in FILE: lines `name:token`, of at least 16 characters, "
       "that nobody else may read. Read again on SIGHUP",
       name(options.token_file)},
      {"tls-cert", "FILE",
       "Take TLS on the same port, with this certificate and its chain in PEM. Read again on "
       "SIGHUP",
       name(options.tls_cert)},
      {"tls-key", "FILE", "The private key of --tls-cert, in PEM", name(options.tls_key)},
      {"allow-host", "NAME",
       "A name under which browsers may reach this gateway, beside loopback's own: NAME, on any "
       "port, or NAME:PORT. Repeatable",
       allowed_hosts(options.allow_host), list},
      {"allow-origin", "ORIGIN",
       "Another site whose pages may use this gateway: https://example.org. Repeatable",
       allowed_origins(options.allow_origin), list},
      {"trust-proxy", "ADDRESS",
       "A proxy in front of this gateway, whose word is taken for its clients' addresses: a PROXY "
       "protocol header, Forwarded or X-Forwarded-For. ADDRESS, ADDRESS/BITS, or unix for who "
       "comes to the socket file. Repeatable",
       trusted_proxies(options.trust_proxy), list},
      {"insecure", "",
       "Listen beyond loopback without token or TLS, for those behind a proxy that sees to both",
       flag(options.insecure)},
  };
}

std::vector<Setting> telegram(OptionDraft& draft) {
  auto& options = draft.options;
  auto& app = options.app;
  return {
      {"api-id", "ID",
       "Your app's number from https://my.telegram.org/apps. TELEGRAM_API_ID in the environment "
       "does as well",
       number(app.api_id, 1, INT32_MAX, "a number above 0"), secret_id},
      {"api-hash", "HASH", "What goes with it. TELEGRAM_API_HASH does as well", text(app.api_hash),
       secret_hash},
      {"dc", "N", "The data centre to begin with (2)",
       number(options.dc, 1, 999, "a data centre's number")},
      {"test-dcs", "", "Telegram's test environment instead of the real one",
       flag(options.test_dcs)},
      {"server", "HOST:PORT", "Another Telegram, at one address; needs --rsa",
       host_and_port(draft.server)},
      {"rsa", "FILE", "The RSA public key of --server, in PEM", name(draft.rsa_file)},
      {"allow-server", "HOST",
       "Listening beyond loopback, a client may set its `server` to these alone: HOST, HOST:PORT "
       "or *. Repeatable",
       names(options.allow_server, "HOST, HOST:PORT or *"), list},
      {"transport", "NAME",
       "How to speak with Telegram: abridged, intermediate, padded or full (intermediate)",
       transport(options.transport), transports},
      {"obfuscated", "", "Hide from onlookers that this is Telegram's protocol",
       flag(options.obfuscated)},
      {"proxy", "URL",
       "Reach Telegram through socks5://USER:PASSWORD@HOST:PORT, http://HOST:PORT or an MTProxy's "
       "link, tg://proxy?server=HOST&port=PORT&secret=SECRET",
       proxy(options.proxy), secret},
      {"allow-proxy", "HOST",
       "Listening beyond loopback, a client may set its `server.proxy` to these alone: HOST, "
       "HOST:PORT or *. Repeatable",
       names(options.allow_proxy, "HOST, HOST:PORT or *"), list},
      {"connect-timeout", "TIME", "How long to wait for a connection to Telegram (10)",
       duration(options.connect_timeout)},
      {"pfs", "",
       "Perfect forward secrecy: encrypt by temporary keys that last a day at most and are stored "
       "nowhere",
       flag(options.pfs)},
      {"rpc-timeout", "TIME", "How long to wait for an answer, connecting included (10)",
       duration(options.rpc_timeout)},
  };
}

std::vector<Setting> device(AppIdentity& app) {
  return {
      {"device-model", "TEXT", "What the list of devices calls this one (streamjson)",
       text(app.device_model)},
      {"system-version", "TEXT", "On what it runs (the kernel's name and release)",
       text(app.system_version)},
      {"app-version", "TEXT", "What version it has (that of streamjson)", text(app.app_version)},
      {"lang-code", "CODE", "The language of Telegram's own texts (en)", text(app.lang_code)},
  };
}

std::vector<Setting> sandboxed(SandboxOptions& sandbox) {
  return {
      {"sandbox", "",
       "A Telegram of its own in this process, with people to sign in as. It is made for trying "
       "and testing: it forgets everything at exit",
       flag(sandbox.enabled)},
      {"sandbox-port", "PORT", "Its data centre N listens on PORT + N (15430). 0: any free ports",
       port(sandbox.port)},
      {"sandbox-key", "FILE", "Its RSA private key; made if the file is not there (a fresh one)",
       name(sandbox.key_file)},
      {"sandbox-public-key", "FILE", "Where to write the public one, for other clients",
       name(sandbox.public_key_file)},
      {"sandbox-state", "FILE", "Where to remember everything across restarts",
       name(sandbox.state_file)},
      {"sandbox-faults", "FILE",
       "What is to go wrong in it, and how often (server/sandbox/FAULTS.md). Read again on SIGHUP",
       name(sandbox.faults_file)},
      {"sandbox-mtproxy", "SECRET",
       "An MTProxy before it, on the port given by --sandbox-port: 32 hexadecimal digits, after dd "
       "or ee as you want it tried",
       mtproxy_secret(sandbox.mtproxy)},
      {"sandbox-strict-sessions", "true|false",
       "A key that speaks in two sessions at once is ended, as Telegram does (true)",
       flag(sandbox.strict_sessions), truth},
  };
}

std::vector<Setting> keeping(Options& options) {
  return {
      {"store", "URL",
       "Where accounts are kept: sqlite:PATH, sqlite::memory: or postgresql://…, opened and "
       "brought up to date at the start. `streamjson store --help` has more",
       name(options.store, "a URL"), secret},
      {"store-key", "FILE",
       "The key that it is sealed with: 32 bytes that nobody else may read (PATH.key, made for a "
       "new store)",
       name(options.store_key)},
      {"node-url", "URL",
       "Where other gateways on the same PostgreSQL reach this one, by TLS (--tls-cert), to ask "
       "for accounts that it has: https://HOST:PORT",
       node_url(options.node_url)},
      {"node-ca", "FILE",
       "PEM: the certificates by which other gateways are known (those that the system trusts)",
       name(options.node_ca)},
      {"lease-ttl", "TIME",
       "How long an account stays this gateway's while it can't say that it is there; then another "
       "one on the same PostgreSQL may have it (10s; 1s at least)",
       lease_time(options.lease_ttl)},
      {"updates-kept", "COUNT", "How many updates an account's log keeps, the newest ones (100000)",
       count(options.updates_kept, 10'000'000)},
      {"updates-kept-days", "DAYS", "How old they may become there (7)",
       count(options.updates_kept_days, 3'650)},
      {"allow-webhook", "HOST",
       "A host that webhooks may call although its address is not one that everybody reaches: "
       "loopback, private and the like. HOST, on any port, or HOST:PORT. Repeatable",
       allowed_hosts(options.allow_webhook), list},
  };
}

std::vector<Setting> values(Options& options) {
  return {
      {"scheme", "FILE",
       "A TL scheme (api.tl as it was built or installed). Repeatable: a layer each; connections "
       "speak the first unless they choose",
       names(options.schemes), list},
      {"layer", "N", "The layer of a scheme whose file has no line `// LAYER N`",
       number(options.layer, 1, 100'000, "a layer's number")},
      {"ignore-unknown", "", "Drop unknown fields of TL objects instead of refusing them",
       flag(options.ignore_unknown)},
  };
}

std::vector<Setting> limits(Options& options) {
  return {
      {"max-line", "BYTES", "The longest line or message from a client (16M)",
       size(options.max_line, 256)},
      {"max-memory", "BYTES", "What clients and data centres may make it hold, in all (1G)",
       size(options.max_memory, std::size_t{1} << 20)},
      {"max-connections", "N", "Connections at a time (0: as many as open files allow)",
       count(options.max_connections, 10'000'000)},
      {"max-connections-per-address", "N",
       "Connections at a time from one address (IPv6: one /64), other than loopback (256; 0: any "
       "number)",
       count(options.max_connections_per_address, 10'000'000)},
      {"threads", "N", "Threads that serve connections (0: one a core)",
       count(options.threads, 1024)},
      {"drain", "TIME",
       "How long what was asked is still answered after SIGTERM or SIGINT; a second one ends it at "
       "once (5)",
       drain(options.drain)},
  };
}

std::vector<Setting> diagnosis(Options& options) {
  return {
      {"verbose", "", "Copy all objects to stdout, secrets blanked", flag(options.verbose)},
      {"print-tracebacks", "", "Print to stderr how errors came about",
       flag(options.print_tracebacks)},
      {"send-tracebacks", "", "Send clients how errors came about", flag(options.send_tracebacks)},
      {"log-level", "LEVEL",
       "trace, debug, info, warn, error or off (info). kill -USR2 turns to debug, and back the "
       "next time",
       log_level(options.log_level), log_levels},
      {"log-format", "FORMAT",
       "text, or json: an object a line, as server/OPERATING.md has it. systemd's journal gets a "
       "priority with each (text)",
       log_format(options.log_json), log_formats},
  };
}

std::vector<Setting> about_options(Options& options) {
  std::vector<Setting> out{
      {"config", "FILE", "Read options from an INI file: the same names, without the dashes", Set(),
       config_file},
      {"check-config", "",
       "Try what can be tried without starting (files, folders, names, ports, certificate and key, "
       "the store), say all that is wrong, and exit",
       flag(options.check_config), arguments_only},
      {"print-config", "",
       "Print what is set, as a file for --config without its secrets, and exit",
       flag(options.print_config), arguments_only},
      {"health", "",
       "Ask the streamjson that runs with these options whether it can serve clients, and exit: 0 "
       "where it can, else 1",
       Set(), arguments_only},
  };
  for (auto& setting : help_settings()) out.push_back(std::move(setting));
  return out;
}

constexpr std::string_view gateway_commands[] = {
    "token new",      "store check",    "store rekey",    "store export",
    "store import",   "account list",   "account show",   "account add",
    "account remove", "account export", "account import", "cluster status"};

}  // namespace

const Program gateway_program{
    "streamjson",
    "STREAMJSON_",
    "Usage: streamjson [OPTION]…\n"
    "       streamjson token new NAME [read-only] [methods=PATTERN,!PATTERN]\n"
    "         [accounts=NAME,NAME*] [export] [admin] >> FILE\n"
    "       streamjson store|account|cluster COMMAND …   see `streamjson store --help`\n\n"
    "A gateway between JSON lines and Telegram: a client sends one JSON object a line and gets\n"
    "its answers and updates the same way. `nc localhost 1543` is a client.\n",
    "BYTES may end in K, M or G (1024, 1024², 1024³). TIME is in seconds, which may have a\n"
    "fraction, or ends in ms, s or m. Each option may also stand in the environment\n"
    "(STREAMJSON_MAX_LINE=64M; lists with commas) or in the file. An argument wins over the\n"
    "environment, the environment over the file.\n",
    "gateway between JSON and Telegram",
    gateway_commands};

SettingTable gateway_table(OptionDraft& draft) {
  auto& options = draft.options;
  return {{"Listening", listening(options)},
          {"Who may come in", admission(options)},
          {"Which Telegram", telegram(draft)},
          {"What Telegram is told of this device", device(options.app)},
          {"A sandbox instead of Telegram", sandboxed(options.sandbox)},
          {"Accounts that are kept", keeping(options)},
          {"Schemes and values", values(options)},
          {"Limits", limits(options)},
          {"Seeing what happens", diagnosis(options)},
          {"These options", about_options(options)}};
}

}  // namespace server::config
