#include "server/cli_options.hpp"

#include <CLI/CLI.hpp>
#include <limits>

#include "server/config/system_version.hpp"
#include "server/config/values.hpp"
#include "server/upstream/host.hpp"
#include "tl/numbers.hpp"

namespace server {

namespace {

constexpr const char* help =
    R"(Usage: signin-cli [OPTION]…

Signs in to Telegram through a running streamjson and prints one line, the session: keep it, and
paste it into `nc localhost 1543`. Whoever has that line is signed in as you.

  --host HOST             Where streamjson listens (localhost)
  --port PORT             On which port (1543)
  --unix PATH             Its socket file, instead of host and port
  --token-file FILE       Where streamjson asks for a token: a file with it, or with name:token,
                          that nobody else may read
  --tls                   Talk to it through TLS, checking that it is HOST
  --tls-ca FILE           The authority that vouches for it, in PEM, instead of the system's own;
                          brings --tls
  --phone NUMBER          The phone number, such as 79001002030; asked for where it is missing
  --password PASSWORD     The two-step password; asked for where one is wanted. Arguments are seen
                          by others on this machine
  --api-id ID             From https://my.telegram.org/apps, as is the hash; asked for only where
  --api-hash HASH         streamjson has none. TELEGRAM_API_ID and TELEGRAM_API_HASH in the
                          environment do as well
  --device-model TEXT     What the list of devices calls this one (signin-cli)
  --system-version TEXT   On what it runs (the kernel's name and release)
  --app-version TEXT      What version it has (that of streamjson)
  --lang-code CODE        The language of Telegram's own texts (en)
  --version               Print the version, and exit
  --help, -h              Print this, and exit

Questions go to stderr, answers come from stdin. The exit status is 0 only with a session.
)";

}  // namespace

CliReading read_cli_options(
    std::vector<std::string> arguments,
    const std::function<std::optional<std::string>(const std::string& name)>& environment) {
  CliOptions options;
  options.app.device_model = "signin-cli";
  options.app.app_version = STREAMJSON_VERSION;
  options.app.system_version = system_version();
  std::string port = "1543";
  std::string api_id;
  bool version = false;
  bool want_help = false;

  CLI::App app("", "signin-cli");
  app.set_help_flag();
  app.add_option("--host", options.host);
  app.add_option("--port", port);
  app.add_option("--unix", options.unix_path);
  app.add_option("--token-file", options.token_file);
  app.add_flag("--tls", options.tls);
  app.add_option("--tls-ca", options.tls_ca);
  app.add_option("--phone", options.phone);
  app.add_option("--password", options.password);
  app.add_option("--api-id", api_id);
  app.add_option("--api-hash", options.app.api_hash);
  app.add_option("--device-model", options.app.device_model);
  app.add_option("--system-version", options.app.system_version);
  app.add_option("--app-version", options.app.app_version);
  app.add_option("--lang-code", options.app.lang_code);
  app.add_flag("--version", version);
  app.add_flag("--help,-h", want_help);
  for (auto* option : app.get_options()) {
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  const auto wrong = [](const std::string& text) {
    return CliReading{std::nullopt, 2, "", "signin-cli: " + text + "\n"};
  };
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
  if (want_help) return {std::nullopt, 0, help, ""};
  if (version) return {std::nullopt, 0, "signin-cli " STREAMJSON_VERSION "\n", ""};

  if (api_id.empty()) api_id = environment("TELEGRAM_API_ID").value_or("");
  if (options.app.api_hash.empty()) {
    options.app.api_hash = environment("TELEGRAM_API_HASH").value_or("");
  }
  if (!api_id.empty()) {
    const auto read = tl::parse_count(api_id, 1, std::numeric_limits<std::int32_t>::max());
    if (!read) return wrong("--api-id: due is a number above 0");
    options.app.api_id = static_cast<std::int32_t>(*read);
  }
  const auto read = parse_port(port);
  if (!read || *read == 0) return wrong("--port: \"" + port + "\": due is a port, 1 to 65535");
  options.port = *read;
  auto host = upstream::bare_host(options.host);
  if (!host) return wrong("--host: \"" + options.host + "\": due is a name or an address");
  options.host = std::move(*host);
  if (options.tls_ca) options.tls = true;
  return {std::move(options), 0, "", ""};
}

}  // namespace server
