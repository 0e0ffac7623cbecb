// Who listens where, and with what.
#include <catch2/catch.hpp>

#include "server/config/exposure.hpp"

using namespace server;
using namespace server::config;

namespace {

Options guarded() {
  Options options;
  options.token_file = "tokens";
  options.tls_cert = "cert.pem";
  options.tls_key = "key.pem";
  return options;
}

bool has(const std::optional<std::string>& text, std::string_view part) {
  return text && text->find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("loopback is open to everybody on the machine") {
  CHECK_FALSE(exposure_refusal({}, true));
  CHECK_FALSE(exposure_warning({}, true));
}

TEST_CASE("on loopback behind a proxy, who asks for no token is warned") {
  Options options;
  options.trust_proxy = {"unix"};
  CHECK_FALSE(exposure_refusal(options, true));
  CHECK(has(exposure_warning(options, true), "--token-file"));
  options.token_file = "tokens";
  CHECK_FALSE(exposure_warning(options, true));
}

TEST_CASE("a name that turns out to be no loopback is refused with what is missing") {
  Options options;
  options.host = "gate.example.org";
  const auto refusal = exposure_refusal(options, false);
  CHECK(has(refusal, "gate.example.org"));
  CHECK(has(refusal, "--token-file FILE and --tls-cert FILE with --tls-key FILE"));
  CHECK(has(refusal, "--insecure"));
  auto half = guarded();
  half.token_file.clear();
  CHECK(has(exposure_refusal(half, false), "it takes --token-file FILE."));
  half = guarded();
  half.tls_cert.clear();
  CHECK(has(exposure_refusal(half, false), "it takes --tls-cert FILE"));
}

TEST_CASE("a token and TLS let a gateway listen anywhere, and nothing is to be warned of") {
  CHECK_FALSE(exposure_refusal(guarded(), false));
  CHECK_FALSE(exposure_warning(guarded(), false));
}

TEST_CASE("who insists is warned of what is missing") {
  auto options = guarded();
  options.insecure = true;
  CHECK_FALSE(exposure_warning(options, false));
  options.tls_cert.clear();
  CHECK_FALSE(exposure_refusal(options, false));
  CHECK(has(exposure_warning(options, false), "nothing is encrypted"));
  CHECK_FALSE(has(exposure_warning(options, false), "whoever"));
  options = guarded();
  options.insecure = true;
  options.token_file.clear();
  CHECK_FALSE(exposure_refusal(options, false));
  CHECK(has(exposure_warning(options, false), "whoever"));
  CHECK_FALSE(has(exposure_warning(options, false), "encrypted"));
}

TEST_CASE("only an address is known to be exposed before anything listens") {
  const auto exposed = [](std::string host) {
    Options options;
    options.host = std::move(host);
    return certainly_exposed(options);
  };
  for (const auto* host : {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1"}) CHECK(exposed(host));
  for (const auto* host : {"localhost", "127.0.0.1", "127.9.9.9", "::1", "example.org"}) {
    CHECK_FALSE(exposed(host));
  }
  Options file;
  file.host = "0.0.0.0";
  file.tcp = false;
  CHECK_FALSE(certainly_exposed(file));
}
