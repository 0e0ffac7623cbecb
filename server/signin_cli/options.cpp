#include "server/signin_cli/options.hpp"

#include "server/config/kinds.hpp"
#include "server/config/system_version.hpp"

namespace server {

namespace {

using namespace config;

const Program program{
    "signin-cli", "",
    "Usage: signin-cli [OPTION]…\n\n"
    "Signs in to Telegram through a running streamjson and prints one line, the session: keep it,\n"
    "and paste it into `nc localhost 1543`. Whoever has that line is signed in as you.\n",
    "Questions go to stderr, answers come from stdin. The exit status is 0 only with a session.\n",
    "sign in to Telegram through a running streamjson"};

constexpr Traits secret{.secret = true};
constexpr Traits json_notations{.words = "classic auto plain"};
constexpr Traits secret_id{.secret = true, .variable = "TELEGRAM_API_ID"};
constexpr Traits secret_hash{.secret = true, .variable = "TELEGRAM_API_HASH"};

std::vector<Setting> way(CliOptions& options) {
  return {
      {"host", "HOST", "Where streamjson listens (localhost)", host(options.host)},
      {"port", "PORT", "On which port (1543)", port(options.port, 1)},
      {"unix", "PATH", "Its socket file, instead of host and port", text(options.unix_path)},
      {"token-file", "FILE",
       "Where streamjson asks for a token: a file with it, or with name:token, that nobody else "
       "may read",
       text(options.token_file)},
      {"tls", "", "Talk to it through TLS, checking that it is HOST", flag(options.tls)},
      {"tls-ca", "FILE",
       "The authority that vouches for it, in PEM, instead of the system's own; brings --tls",
       text(options.tls_ca)},
  };
}

std::vector<Setting> person(CliOptions& options) {
  return {
      {"phone", "NUMBER", "The phone number, such as 79001002030; asked for where it is missing",
       text(options.phone)},
      {"password", "PASSWORD",
       "The two-step password; asked for where one is wanted. Arguments are seen by others on "
       "this machine",
       text(options.password), secret},
      {"import", "FILE",
       "Sign nobody in: print the session that another program left in FILE, or in the folder "
       "FILE. Read are Telethon's, Pyrogram's and mtcute's databases, @mtproto/core's JSON, "
       "GramJS's StoreSession, Telegram Desktop's tdata and TDLib's td.binlog. With - files come "
       "as "
       "JSON from stdin and the answer is JSON, as POST /import has them",
       text(options.import)},
      {"json", "NOTATION",
       "What the line asks streamjson for: its answers in the notation plain (long integers as "
       "strings, for JSON libraries that lose digits), auto or classic. Asked for nothing, it is "
       "classic",
       choice(
           {std::begin(tl::notation_names), std::end(tl::notation_names)},
           [&options](std::size_t which) { options.json = static_cast<tl::Notation>(which); },
           [&options] { return static_cast<std::size_t>(options.json.value_or(tl::Notation())); }),
       json_notations},
  };
}

std::vector<Setting> app(AppIdentity& app) {
  return {
      {"api-id", "ID",
       "From https://my.telegram.org/apps; asked for only where streamjson has none. "
       "TELEGRAM_API_ID in the environment does as well",
       number(app.api_id, 1, INT32_MAX, "a number above 0"), secret_id},
      {"api-hash", "HASH", "What goes with it. TELEGRAM_API_HASH does as well", text(app.api_hash),
       secret_hash},
      {"device-model", "TEXT", "What the list of devices calls this one (signin-cli)",
       text(app.device_model)},
      {"system-version", "TEXT", "On what it runs (the kernel's name and release)",
       text(app.system_version)},
      {"app-version", "TEXT", "What version it has (that of streamjson)", text(app.app_version)},
      {"lang-code", "CODE", "The language of Telegram's own texts (en)", text(app.lang_code)},
  };
}

}  // namespace

Reading<CliOptions> read_cli_options(const Sources& sources) {
  CliOptions options;
  options.app.device_model = "signin-cli";
  options.app.app_version = STREAMJSON_VERSION;
  options.app.system_version = system_version();
  const SettingTable table{{"The way to streamjson", way(options)},
                           {"Who signs in", person(options)},
                           {"What Telegram is told of this device", app(options.app)},
                           {"These options", help_settings()}};
  const auto said = read_sources(program, table, sources);
  if (!said) return {said.error(), std::nullopt};
  if (const auto problem = said->apply(table); !problem.empty()) {
    return {wrong(program, problem), std::nullopt};
  }
  if (options.tls_ca) options.tls = true;
  return {Printed(), std::move(options)};
}

}  // namespace server
