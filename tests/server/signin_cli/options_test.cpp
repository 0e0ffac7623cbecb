#include <catch2/catch.hpp>
#include <map>

#include "server/signin_cli/options.hpp"

using namespace server;

namespace {

config::Reading<CliOptions> read(std::vector<std::string> arguments,
                                 const std::map<std::string, std::string>& environment = {}) {
  return read_cli_options(
      {std::move(arguments), [&](const std::string& name) -> std::optional<std::string> {
         const auto found = environment.find(name);
         if (found == environment.end()) return std::nullopt;
         return found->second;
       }});
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("signin-cli without arguments") {
  const auto options = read({}).options;
  REQUIRE(options);
  CHECK(options->host == "localhost");
  CHECK(options->port == 1543);
  CHECK_FALSE(options->token_file);
  CHECK_FALSE(options->tls);
  CHECK_FALSE(options->tls_ca);
  CHECK_FALSE(options->phone);
  CHECK_FALSE(options->password);
  CHECK_FALSE(options->import);
  CHECK(options->app.api_id == 0);
  CHECK(options->app.device_model == "signin-cli");
  CHECK(options->app.app_version == STREAMJSON_VERSION);
  CHECK_FALSE(options->app.system_version.empty());
  CHECK(options->app.lang_code == "en");
}

TEST_CASE("signin-cli takes the notations by their names") {
  CHECK_FALSE(read({}).options->json);
  CHECK(read({"--json", "plain"}).options->json == tl::Notation::plain);
  CHECK(read({"--json", "auto"}).options->json == tl::Notation::automatic);
  CHECK(read({"--json", "classic"}).options->json == tl::Notation::classic);
  CHECK_FALSE(read({"--json", "yaml"}).options);
}

TEST_CASE("signin-cli with every argument") {
  const auto options = read({"--host",
                             "h",
                             "--port",
                             "1",
                             "--unix",
                             "/s",
                             "--token-file",
                             "t",
                             "--tls",
                             "--tls-ca",
                             "ca.pem",
                             "--phone",
                             "+999 66",
                             "--password",
                             "p",
                             "--import",
                             "f",
                             "--api-id",
                             "5",
                             "--api-hash=abc",
                             "--device-model",
                             "d",
                             "--system-version",
                             "s",
                             "--app-version",
                             "v",
                             "--lang-code",
                             "de"})
                           .options;
  REQUIRE(options);
  CHECK(options->host == "h");
  CHECK(options->port == 1);
  CHECK(options->unix_path == "/s");
  CHECK(options->token_file == "t");
  CHECK(options->tls);
  CHECK(options->tls_ca == "ca.pem");
  CHECK(options->phone == "+999 66");
  CHECK(options->password == "p");
  CHECK(options->import == "f");
  CHECK(options->app.api_id == 5);
  CHECK(options->app.api_hash == "abc");
  CHECK(options->app.device_model == "d");
  CHECK(options->app.system_version == "s");
  CHECK(options->app.app_version == "v");
  CHECK(options->app.lang_code == "de");
}

TEST_CASE("signin-cli speaks TLS where an authority is named") {
  CHECK(read({"--tls"}).options->tls);
  CHECK(read({"--tls-ca", "ca.pem"}).options->tls);
}

TEST_CASE("signin-cli takes api_id and api_hash from the environment too") {
  const std::map<std::string, std::string> both{{"TELEGRAM_API_ID", "5"},
                                                {"TELEGRAM_API_HASH", "abc"}};
  CHECK(read({}, both).options->app.api_id == 5);
  CHECK(read({}, both).options->app.api_hash == "abc");
  CHECK(read({"--api-id", "6"}, both).options->app.api_id == 6);
}

TEST_CASE("signin-cli takes an IPv6 address with brackets and without") {
  CHECK(read({"--host", "[::1]"}).options->host == "::1");
  CHECK(read({"--host", "::1"}).options->host == "::1");
}

TEST_CASE("signin-cli says what is wrong with its arguments") {
  for (const auto& [arguments, word] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--no-such-flag"}, "no-such-flag"},
           {{"--port", "0"}, "--port"},
           {{"--host", "[::1"}, "--host"},
           {{"--port", "x"}, "--port"},
           {{"--api-id", "x"}, "--api-id"},
           {{"--phone"}, "--phone"},
           {{"--tls-ac", "x"}, "\"tls-ca\""},
           {{"word"}, "word"}}) {
    const auto reading = read(arguments);
    CHECK_FALSE(reading.options);
    CHECK(reading.status == 2);
    CHECK(has(reading.err, word));
  }
  CHECK_FALSE(has(read({"--api-id", "feedface"}).err, "feedface"));
}

TEST_CASE("signin-cli helps") {
  const auto reading = read({"--help"});
  CHECK(reading.status == 0);
  for (const auto* name :
       {"--host", "--port", "--unix", "--token-file", "--tls", "--tls-ca", "--phone", "--password",
        "--import", "--api-id", "--api-hash", "--device-model", "--system-version", "--app-version",
        "--lang-code", "--help", "--version"}) {
    CHECK(has(reading.out, name));
  }
  CHECK(read({"--version"}).out == "signin-cli " STREAMJSON_VERSION "\n");
}
