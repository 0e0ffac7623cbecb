// Options from arguments, environment and file.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <map>

#include "server/config/gateway_table.hpp"
#include "server/config/read_options.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace server;
using namespace server::config;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view public_key =
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIIBCgKCAQEAyMEdY1aR+sCR3ZSJrtztKTKqigvO/vBfqACJLZtS7QMgCGXJ6XIR\n"
    "yy7mx66W0/sOFa7/1mAZtEoIokDP3ShoqF4fVNb6XeqgQfaUHd8wJpDWHcR2OFwv\n"
    "plUUI1PLTktZ9uW2WE23b+ixNwJjJGwBDJPQEQFBE+vfmH0JP503wr5INS1poWg/\n"
    "j25sIWeYPHYeOrFp/eXaqhISP6G+q2IeTaWTXpwZj4LzXq5YOpk4bYEQ6mvRq7D1\n"
    "aHWfYmlEGepfaYR8Q0YqvvhYtMte3ITnuSJs171+GDqpdKcSwHnd6FudwGO4pcCO\n"
    "j4WcDuXc2CTHgH8gFTNhp/Y8/SpDOhvn9QIDAQAB\n"
    "-----END RSA PUBLIC KEY-----\n";

using Variables = std::map<std::string, std::string>;

Reading<Options> read(std::vector<std::string> arguments, const Variables& environment = {}) {
  Sources sources;
  sources.arguments = std::move(arguments);
  sources.environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  for (const auto& [name, value] : environment) sources.variables.push_back(name);
  return read_options(sources);
}

Options good(std::vector<std::string> arguments, const Variables& environment = {}) {
  auto reading = read(std::move(arguments), environment);
  INFO(reading.err);
  REQUIRE(reading.options);
  CHECK(reading.status == 0);
  return *reading.options;
}

std::string wrong(std::vector<std::string> arguments, const Variables& environment = {}) {
  const auto reading = read(std::move(arguments), environment);
  CHECK_FALSE(reading.options);
  CHECK(reading.status == 2);
  CHECK(reading.out.empty());
  return reading.err;
}

class File {
 public:
  explicit File(std::string_view text) { std::ofstream(name_) << text; }
  ~File() { std::remove(name_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& name() const { return name_; }

 private:
  static std::string next() {
    static int count = 0;
    return "options_test_" + std::to_string(++count) + ".tmp";
  }
  std::string name_ = next();
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("without a word the defaults hold") {
  const auto options = good({});
  CHECK(options.host == "localhost");
  CHECK(options.port == 1543);
  CHECK(options.tcp);
  CHECK(options.dc == 2);
  CHECK(options.rpc_timeout == 10s);
  CHECK(options.max_line == 16U << 20);
  CHECK(options.app.device_model == "streamjson");
  CHECK(options.app.app_version == STREAMJSON_VERSION);
  CHECK_FALSE(options.app.system_version.empty());
  CHECK_FALSE(options.sandbox.enabled);
}

TEST_CASE("every argument sets what it says") {
  const auto options = good({"--host=127.0.0.1",
                             "--port",
                             "0",
                             "--listen",
                             "unix:/tmp/s",
                             "--token-file",
                             "t",
                             "--tls-cert",
                             "c.pem",
                             "--tls-key",
                             "k.pem",
                             "--allow-host",
                             "Gate.Example.org",
                             "--allow-host",
                             "[0:0::1]:8443",
                             "--allow-origin",
                             "HTTPS://Example.org:443",
                             "--trust-proxy",
                             "10.0.0.0/8",
                             "--trust-proxy",
                             "unix",
                             "--insecure",
                             "--web",
                             ".",
                             "--ws-compression",
                             "--max-connections",
                             "1000",
                             "--max-connections-per-address",
                             "10",
                             "--verbose",
                             "--print-tracebacks",
                             "--send-tracebacks",
                             "--log-level",
                             "debug",
                             "--scheme",
                             "a.tl",
                             "--scheme",
                             "b.tl",
                             "--layer",
                             "73",
                             "--api-id",
                             "5",
                             "--api-hash",
                             "abc",
                             "--device-model",
                             "d",
                             "--system-version",
                             "s",
                             "--app-version",
                             "v",
                             "--lang-code",
                             "de",
                             "--dc",
                             "3",
                             "--allow-server",
                             "*",
                             "--transport",
                             "abridged",
                             "--obfuscated",
                             "--proxy",
                             "socks5://ada:secret@127.0.0.1:1080",
                             "--allow-proxy",
                             "127.0.0.1",
                             "--allow-webhook",
                             "Hooks.Example.org:8443",
                             "--allow-webhook",
                             "127.0.0.1",
                             "--store",
                             "sqlite:s.db",
                             "--store-key",
                             "s.key",
                             "--ignore-unknown",
                             "--pfs",
                             "--rpc-timeout",
                             "1.5",
                             "--connect-timeout",
                             "250ms",
                             "--max-line",
                             "1M",
                             "--max-memory",
                             "2G",
                             "--threads",
                             "4",
                             "--sandbox",
                             "--sandbox-port",
                             "0",
                             "--sandbox-key",
                             "k",
                             "--sandbox-public-key",
                             "p",
                             "--sandbox-state",
                             "w",
                             "--sandbox-faults",
                             "f",
                             "--sandbox-mtproxy",
                             "00112233445566778899aabbccddeeff"});
  CHECK(options.host == "127.0.0.1");
  CHECK(options.port == 0);
  CHECK(options.tcp);
  CHECK(options.unix_path == "/tmp/s");
  CHECK(options.token_file == "t");
  CHECK(options.tls_cert == "c.pem");
  CHECK(options.tls_key == "k.pem");
  CHECK(options.allow_host == std::vector<std::string>{"gate.example.org", "[::1]:8443"});
  CHECK(options.allow_webhook == std::vector<std::string>{"hooks.example.org:8443", "127.0.0.1"});
  CHECK(options.trust_proxy == std::vector<std::string>{"10.0.0.0/8", "unix"});
  CHECK(options.allow_origin == std::vector<std::string>{"https://example.org"});
  CHECK(options.insecure);
  CHECK(options.web == ".");
  CHECK(options.ws_compression);
  CHECK(options.max_connections == 1000);
  CHECK(options.max_connections_per_address == 10);
  CHECK(options.verbose);
  CHECK(options.print_tracebacks);
  CHECK(options.send_tracebacks);
  CHECK(options.log_level == "debug");
  CHECK(options.schemes == std::vector<std::string>{"a.tl", "b.tl"});
  CHECK(options.layer == 73);
  CHECK(options.app.api_id == 5);
  CHECK(options.app.api_hash == "abc");
  CHECK(options.app.device_model == "d");
  CHECK(options.app.system_version == "s");
  CHECK(options.app.app_version == "v");
  CHECK(options.app.lang_code == "de");
  CHECK(options.dc == 3);
  CHECK(options.allow_server == std::vector<std::string>{"*"});
  CHECK(options.transport == mtproto::Framing::abridged);
  CHECK(options.obfuscated);
  CHECK(options.proxy == "socks5://ada:secret@127.0.0.1:1080");
  CHECK(options.allow_proxy == std::vector<std::string>{"127.0.0.1"});
  CHECK(options.store == "sqlite:s.db");
  CHECK(options.store_key == "s.key");
  CHECK(options.ignore_unknown);
  CHECK(options.pfs);
  CHECK(options.rpc_timeout == 1500ms);
  CHECK(options.connect_timeout == 250ms);
  CHECK(options.max_line == 1U << 20);
  CHECK(options.max_memory == std::size_t{2} << 30);
  CHECK(options.threads == 4);
  CHECK(options.sandbox.enabled);
  CHECK(options.sandbox.port == 0);
  CHECK(options.sandbox.key_file == "k");
  CHECK(options.sandbox.public_key_file == "p");
  CHECK(options.sandbox.state_file == "w");
  CHECK(options.sandbox.faults_file == "f");
  CHECK(options.sandbox.mtproxy == "00112233445566778899aabbccddeeff");
}

TEST_CASE("the last of two counts, and a flag may be taken back") {
  CHECK(good({"--port", "1", "--port", "2"}).port == 2);
  CHECK_FALSE(good({"--sandbox", "--sandbox=false"}).sandbox.enabled);
  CHECK(good({"--sandbox", "--sandbox"}).sandbox.enabled);
}

TEST_CASE("an argument wins over the environment, that over the file") {
  const File file("port=1\nrpc-timeout=1\ndc=1\n");
  const auto options = good({"--config", file.name(), "--port", "3"},
                            {{"STREAMJSON_PORT", "2"}, {"STREAMJSON_RPC_TIMEOUT", "2"}});
  CHECK(options.port == 3);
  CHECK(options.rpc_timeout == 2s);
  CHECK(options.dc == 1);
}

TEST_CASE("each option has its variable") {
  const auto options = good({}, {{"STREAMJSON_VERBOSE", "1"},
                                 {"STREAMJSON_SCHEME", "a.tl,b.tl"},
                                 {"STREAMJSON_MAX_LINE", "1M"},
                                 {"STREAMJSON_SANDBOX", "yes"},
                                 {"STREAMJSON_LOG_LEVEL", ""}});
  CHECK(options.verbose);
  CHECK(options.schemes == std::vector<std::string>{"a.tl", "b.tl"});
  CHECK(options.max_line == 1U << 20);
  CHECK(options.sandbox.enabled);
  CHECK(options.log_level == "info");
}

TEST_CASE("a list from an argument takes the place of the environment's") {
  CHECK(good({"--scheme", "c.tl"}, {{"STREAMJSON_SCHEME", "a.tl,b.tl"}}).schemes ==
        std::vector<std::string>{"c.tl"});
}

TEST_CASE("api_id and api_hash come from Telegram's own variables too") {
  const Variables both{{"TELEGRAM_API_ID", "5"}, {"TELEGRAM_API_HASH", "abc"}};
  CHECK(good({}, both).app.api_id == 5);
  CHECK(good({}, both).app.api_hash == "abc");
  CHECK(good({"--api-id", "6"}, both).app.api_id == 6);
  CHECK(good({}, {{"TELEGRAM_API_ID", "5"}, {"STREAMJSON_API_ID", "7"}}).app.api_id == 7);
  const File file("api-id=8\n");
  CHECK(good({"--config", file.name()}, both).app.api_id == 5);
}

TEST_CASE("a file repeats what is a list") {
  const File file("[streamjson]\nscheme = a.tl\nscheme = \"b c.tl\"\nverbose\n");
  const auto options = good({}, {{"STREAMJSON_CONFIG", file.name()}});
  CHECK(options.schemes == std::vector<std::string>{"a.tl", "b c.tl"});
  CHECK(options.verbose);
}

TEST_CASE("an unknown key in the file is named with file, line and the nearest known") {
  const File file("verbose=true\nprot=1\n");
  const auto text = wrong({"--config", file.name()});
  CHECK(has(text, file.name() + ":2: prot"));
  CHECK(has(text, "\"port\""));
  // A file names no further file, and does not ask for help.
  for (const auto* line : {"config=x", "check-config=true", "help=true"}) {
    const File other(line);
    wrong({"--config", other.name()});
  }
}

TEST_CASE("a file that is not there is named") {
  CHECK(has(wrong({"--config", "/no/such.ini"}), "/no/such.ini"));
}

TEST_CASE("an unknown argument is named with the nearest known") {
  const auto text = wrong({"--prot", "1"});
  CHECK(has(text, "--prot"));
  CHECK(has(text, "\"port\""));
  CHECK(has(wrong({"--no-such-flag"}), "no-such-flag"));
  CHECK(has(wrong({"word"}), "word"));
  CHECK(has(wrong({"--", "x"}), "x"));
  CHECK(has(wrong({"--port"}), "--port"));
}

TEST_CASE("a value that can't be is told with where it came from") {
  CHECK(has(wrong({"--port", "70000"}), "--port: \"70000\": expected a port"));
  CHECK(has(wrong({}, {{"STREAMJSON_DC", "x"}}), "STREAMJSON_DC"));
  const File file("\nlog-level=shout\n");
  CHECK(has(wrong({"--config", file.name()}), file.name() + ":2: log-level"));
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"rpc-timeout", "soon"},
                                                        {"rpc-timeout", "601"},
                                                        {"max-line", "5"},
                                                        {"max-memory", "1K"},
                                                        {"threads", "-1"},
                                                        {"max-connections", "many"},
                                                        {"max-connections-per-address", "-1"},
                                                        {"token-file", ""},
                                                        {"web", "/no/such/folder"},
                                                        {"allow-host", "http://example.org"},
                                                        {"trust-proxy", "proxy.example.org"},
                                                        {"trust-proxy", "10.0.0.1/8"},
                                                        {"allow-host", "*"},
                                                        {"allow-webhook", "http://localhost/"},
                                                        {"node-url", "a.example:8443"},
                                                        {"node-url", "http://a.example"},
                                                        {"node-url", "https://a.example/x"},
                                                        {"lease-ttl", "900ms"},
                                                        {"lease-ttl", "11m"},
                                                        {"allow-origin", "*"},
                                                        {"allow-origin", "null"},
                                                        {"allow-origin", "example.org"},
                                                        {"allow-origin", "https://example.org/"},
                                                        {"allow-origin", "https://*.example.org"},
                                                        {"layer", "0"},
                                                        {"dc", "0"},
                                                        {"listen", "tcp:x"},
                                                        {"listen", "unix:"},
                                                        {"sandbox-port", "x"},
                                                        {"server", "x"},
                                                        {"transport", "pigeon"},
                                                        {"allow-proxy", ""},
                                                        {"sandbox-mtproxy", "feedface"},
                                                        {"host", ""},
                                                        {"verbose", "maybe"}}) {
    INFO(name);
    CHECK(has(wrong({"--" + name + "=" + value}), name));
  }
}

TEST_CASE("api_id and api_hash are never told, wrong or right") {
  const auto text = wrong({"--api-id", "feedface", "--api-hash", "feedface"});
  CHECK(has(text, "--api-id"));
  CHECK_FALSE(has(text, "feedface"));
}

TEST_CASE("a proxy is never told, wrong or right") {
  const auto text = wrong({"--proxy", "socks5://ada:feedface@h"});
  CHECK(has(text, "--proxy"));
  CHECK(has(text, "port"));
  CHECK_FALSE(has(text, "feedface"));
}

TEST_CASE("options that do not go together are refused") {
  const File key(public_key);
  CHECK(has(wrong({"--server", "example.org:443"}), "--rsa"));
  CHECK(has(wrong({"--rsa", key.name()}), "--server"));
  CHECK(has(wrong({"--sandbox", "--test-dcs"}), "--sandbox"));
  CHECK(has(wrong({"--sandbox", "--server", "x:1", "--rsa", key.name()}), "--sandbox"));
  CHECK(has(wrong({"--test-dcs", "--server", "x:1", "--rsa", key.name()}), "--server"));
  CHECK(has(wrong({"--test-dcs", "--dc", "4"}), "--dc"));
  CHECK(has(wrong({"--dc", "6"}), "--dc"));
  CHECK(has(wrong({"--sandbox-port", "0"}), "--sandbox"));
  CHECK(has(wrong({"--transport", "full", "--obfuscated"}), "--obfuscated"));
  CHECK(has(wrong({"--sandbox-mtproxy", "00112233445566778899aabbccddeeff"}), "--sandbox"));
  CHECK(has(wrong({"--sandbox", "--sandbox-port", "65533"}), "--sandbox-port"));
  CHECK(has(wrong({"--max-line", "2M", "--max-memory", "1M"}), "max-memory"));
}

TEST_CASE("another Telegram is an address and a key") {
  const File key(public_key);
  const auto options = good({"--server", "[::1]:443", "--rsa", key.name(), "--dc", "7"});
  REQUIRE(options.server);
  CHECK(options.server->host == "::1");
  CHECK(options.server->port == 443);
  CHECK(options.server->rsa_pem == public_key);
  CHECK(options.dc == 7);
  const File rubbish("rubbish");
  CHECK(has(wrong({"--server", "x:1", "--rsa", rubbish.name()}), rubbish.name()));
  CHECK(has(wrong({"--server", "x:1", "--rsa", "/no/such.pem"}), "/no/such.pem"));
}

TEST_CASE("a socket file stands instead of TCP unless TCP is asked for") {
  CHECK_FALSE(good({"--listen", "unix:/tmp/s"}).tcp);
  CHECK(good({"--listen", "unix:/tmp/s", "--port", "0"}).tcp);
  CHECK(good({"--listen", "unix:/tmp/s"}, {{"STREAMJSON_HOST", "::1"}}).tcp);
}

TEST_CASE("listening beyond loopback wants a token and TLS, or somebody who insists") {
  for (const auto* host : {"0.0.0.0", "::", "[::]", "192.0.2.1"}) {
    INFO(host);
    for (const auto* due : {"--token-file", "--tls-cert", "--insecure"}) {
      CHECK(has(wrong({"--host", host}), due));
    }
    CHECK(has(wrong({"--host", host, "--token-file", "t"}), "--tls-cert"));
    CHECK(has(wrong({"--host", host, "--tls-cert", "c", "--tls-key", "k"}), "--token-file"));
    good({"--host", host, "--token-file", "t", "--tls-cert", "c", "--tls-key", "k"});
    good({"--host", host, "--insecure"});
  }
  CHECK(good({"--host", "[::1]"}).host == "::1");
  CHECK(good({"--host", "127.0.0.2"}).host == "127.0.0.2");
  // What a name stands for is known only when something listens.
  CHECK(good({"--host", "example.org"}).host == "example.org");
}

TEST_CASE("a certificate and its key go together") {
  CHECK(has(wrong({"--tls-cert", "c"}), "--tls-key"));
  CHECK(has(wrong({"--tls-key", "k"}), "--tls-cert"));
}

TEST_CASE("help names every option within 100 columns, and wins over what is wrong") {
  const auto reading = read({"--help", "--port", "x"});
  CHECK_FALSE(reading.options);
  CHECK(reading.status == 0);
  OptionDraft draft;
  for (const auto& group : gateway_table(draft)) {
    CHECK(has(reading.out, std::string(group.title) + ":\n"));
    for (const auto& setting : group.settings) {
      CHECK(has(reading.out, "--" + std::string(setting.name)));
    }
  }
  for (const auto* name : {"--config", "--check-config", "--version", "--help"}) {
    CHECK(has(reading.out, name));
  }
  std::size_t columns = 0;
  for (const char c : reading.out) {
    columns = c == '\n' ? 0 : columns + ((c & 0xc0) == 0x80 ? 0 : 1);
    REQUIRE(columns <= 100);
  }
  CHECK(read({"-h"}).out == reading.out);
}

TEST_CASE("the version is told") {
  CHECK(read({"--version"}).out == "streamjson " STREAMJSON_VERSION "\n");
}

TEST_CASE("checking is asked for") { CHECK(good({"--check-config"}).check_config); }

TEST_CASE("a file with a secret in it that others may read is used with a warning, and names it") {
  const std::string hash = "0123456789abcdef0123456789abcdef";
  for (const auto& [text, name] : std::vector<std::pair<std::string, std::string>>{
           {"api-hash=" + hash, "api-hash"},
           {"proxy=socks5://ada:hush-hush@localhost:1", "proxy"},
           {"proxy=socks5://localhost:1", ""},
           {"store=postgresql://ada:hush-hush@localhost/tg", "store"},
           {"store=postgresql:///tg?password=hush-hush", "store"},
           {"store=postgresql://ada@localhost:5432/tg", ""},
           {"store=sqlite:a@b:c", ""},
           {"port=1", ""}}) {
    CAPTURE(text);
    const File file(text);
    REQUIRE(::chmod(file.name().c_str(), 0644) == 0);
    const auto open = read({"--config", file.name()});
    CHECK(open.options);
    CHECK(open.status == 0);
    CHECK(open.err.empty() == name.empty());
    if (!name.empty()) {
      CHECK(has(open.err, file.name() + ": everybody on this machine may read it; chmod 600"));
      CHECK(has(open.err, "`" + name + "`"));
    }
    CHECK_FALSE(has(open.err, hash));
    CHECK_FALSE(has(open.err, "hush-hush"));
    REQUIRE(::chmod(file.name().c_str(), 0600) == 0);
    CHECK(read({"--config", file.name()}).err.empty());
  }
}

TEST_CASE("credentials count where nothing else says a word") {
  const support::TemporaryFolder folder;
  folder.write("api-id", "12345\n");
  folder.write("api-hash", "0123456789abcdef\n");
  folder.write("tokens", "");
  const auto where = folder.path().string();
  const Variables credentials{{"CREDENTIALS_DIRECTORY", where}};
  const auto options = good({}, credentials);
  CHECK(options.app.api_id == 12345);
  CHECK(options.app.api_hash == "0123456789abcdef");
  CHECK(options.token_file == where + "/tokens");
  CHECK(options.tls_cert.empty());

  const File file("token-file=other\n");
  CHECK(good({"--config", file.name()}, credentials).token_file == "other");
  CHECK(good({"--api-id", "7"}, credentials).app.api_id == 7);
}

TEST_CASE("a credential that is wrong is named, and not shown") {
  const support::TemporaryFolder folder;
  folder.write("api-id", "feedface");
  const auto said = wrong({}, {{"CREDENTIALS_DIRECTORY", folder.path().string()}});
  CHECK(has(said, "credential api-id: expected a number"));
  CHECK_FALSE(has(said, "feedface"));
}
