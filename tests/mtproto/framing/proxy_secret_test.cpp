#include "mtproto/framing/proxy_secret.hpp"

#include <catch2/catch.hpp>

#include "mtproto/errc.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/print_result.hpp"

using namespace mtproto;
using support::hex;

namespace {

const std::string key = "00112233445566778899aabbccddeeff";

ProxySecret parsed(std::string_view text) {
  auto out = parse_proxy_secret(text);
  REQUIRE(out);
  return *out;
}

}  // namespace

TEST_CASE("A proxy's secret of 16 bytes is plain") {
  for (const std::string& text :
       {key, std::string("00112233445566778899AABBCCDDEEFF"),
        std::string("ABEiM0RVZneImaq7zN3u/w=="), std::string("ABEiM0RVZneImaq7zN3u_w")}) {
    const auto secret = parsed(text);
    CHECK(hex(secret.key.bytes()) == key);
    CHECK_FALSE(secret.padded);
    CHECK_FALSE(secret.tls());
    CHECK(write_proxy_secret(secret) == key);
  }
}

TEST_CASE("A proxy's secret that begins with dd is padded") {
  for (const auto& text : {"dd" + key, std::string("3QARIjNEVWZ3iJmqu8zd7v8")}) {
    const auto secret = parsed(text);
    CHECK(hex(secret.key.bytes()) == key);
    CHECK(secret.padded);
    CHECK_FALSE(secret.tls());
    CHECK(write_proxy_secret(secret) == "dd" + key);
  }
}

TEST_CASE("A proxy's secret that begins with ee names a domain") {
  const auto text = "ee" + key + hex(tl::as_bytes("example.org"));
  const auto secret = parsed(text);
  CHECK(hex(secret.key.bytes()) == key);
  CHECK(secret.padded);
  CHECK(secret.domain == "example.org");
  CHECK(write_proxy_secret(secret) == text);
  CHECK(parsed("7gARIjNEVWZ3iJmqu8zd7v9leGFtcGxlLm9yZw").domain == "example.org");
  CHECK(parsed("ee" + key + hex(tl::Bytes(182, 'a'))).domain.size() == 182);
}

TEST_CASE("What is no proxy's secret is refused") {
  const std::string wrong[] = {"",
                               key.substr(2),
                               key + "00",
                               "cc" + key,
                               "dd" + key + "00",
                               "ee" + key,
                               "ee" + key + "0041",
                               "ee" + key + "2e0d0a",
                               "ee" + key + hex(tl::Bytes(183, 'a')),
                               "not a secret",
                               "ABEiM0RVZneImaq7zN3u/w==ABEi",
                               std::string(100'000, 'a')};
  for (const auto& text : wrong) {
    CAPTURE(text.substr(0, 80));
    CHECK(parse_proxy_secret(text).error() == errc::bad_proxy_secret);
  }
}
