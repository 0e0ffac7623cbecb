// Hosts and origins in one form.
#include <catch2/catch.hpp>

#include "server/access/authority.hpp"

using namespace server::access;

namespace {

std::string normal(std::string_view text) {
  const auto read = parse_authority(text);
  return read ? to_string(*read) : "none";
}

bool loopback(std::string_view text) {
  const auto read = parse_authority(text);
  return read && names_loopback(*read);
}

}  // namespace

TEST_CASE("a host has one form however it is written") {
  CHECK(normal("localhost") == "localhost");
  CHECK(normal("LocalHost:1543") == "localhost:1543");
  CHECK(normal("localhost.:1543") == "localhost:1543");
  CHECK(normal("localhost:") == "localhost");
  CHECK(normal("my_box.example-1.org:65535") == "my_box.example-1.org:65535");
  CHECK(normal("127.0.0.1:80") == "127.0.0.1:80");
  CHECK(normal("127.0.0.1.") == "127.0.0.1");
  CHECK(normal("[0:0:0:0:0:0:0:1]:1543") == "[::1]:1543");
  CHECK(normal("[2001:DB8::1]") == "[2001:db8::1]");
}

TEST_CASE("what is no host, or could be read in two ways, is none") {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,
                          " "sv,
                          "."sv,
                          ":1543"sv,
                          "local host"sv,
                          " localhost"sv,
                          "localhost "sv,
                          "localhost:1543 "sv,
                          "localhost:+1"sv,
                          "localhost:99999"sv,
                          "localhost:000001543"sv,
                          "localhost:1543:1543"sv,
                          "localhost:1543@evil.example"sv,
                          "user@localhost"sv,
                          "user:pass@localhost"sv,
                          "localhost/"sv,
                          "evil.example#localhost"sv,
                          "evil.example?localhost"sv,
                          "evil.example\\localhost"sv,
                          "localhost%00.evil.example"sv,
                          "localhost\0.evil.example"sv,
                          "localhost,evil.example"sv,
                          "b\xc3\xbc"
                          "cher.example"sv,
                          "a..b"sv,
                          ".localhost"sv,
                          "localhost.."sv,
                          "::1"sv,
                          "[::1"sv,
                          "[::1]evil"sv,
                          "[::1].evil"sv,
                          "[::1]:x"sv,
                          "[::1%lo]"sv,
                          "[::1\0]"sv,
                          "[localhost]"sv,
                          "[127.0.0.1]"sv,
                          "[]"sv,
                          "*"sv,
                          "*.example.org"sv,
                          "0x7f.1"sv,
                          "0x7f000001"sv,
                          "2130706433"sv,
                          "127.1"sv,
                          "127.0.0.01"sv,
                          "127.0.0.1.1"sv,
                          "1.2.3.256"sv,
                          "evil.0x1"sv}) {
    INFO(text);
    CHECK(normal(text) == "none");
  }
  CHECK(normal(std::string(64, 'a')) == "none");
  std::string longest(63, 'a');
  for (int i = 0; i < 3; ++i) longest += "." + std::string(63, 'a');
  CHECK(normal(longest) == "none");
  CHECK(normal(longest.substr(2)) == longest.substr(2));
}

TEST_CASE("loopback has names and addresses of its own") {
  for (const auto* text : {"localhost", "LOCALHOST:1", "a.localhost", "127.0.0.1", "127.255.0.9:1",
                           "[::1]", "[0::1]:1543"}) {
    INFO(text);
    CHECK(loopback(text));
  }
  for (const auto* text :
       {"localhost.evil.example", "evillocalhost", "127.0.0.1.evil.example", "127.0.0.1.nip.io",
        "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "128.0.0.1", "example.org"}) {
    INFO(text);
    CHECK_FALSE(loopback(text));
  }
}

TEST_CASE("--host gives an IPv6 address without brackets") {
  CHECK(to_string(authority_of_host("::1").value()) == "[::1]");
  CHECK(to_string(authority_of_host("Gate.example.org").value()) == "gate.example.org");
}

TEST_CASE("an origin has one form however it is written") {
  CHECK(normal_origin("http://localhost:1543") == "http://localhost:1543");
  CHECK(normal_origin("HTTPS://Example.ORG:443") == "https://example.org");
  CHECK(normal_origin("http://example.org:80") == "http://example.org");
  CHECK(normal_origin("http://example.org:443") == "http://example.org:443");
  CHECK(normal_origin("https://[::0001]:8443") == "https://[::1]:8443");
  CHECK(normal_origin("chrome-extension://abcdef") == "chrome-extension://abcdef");
}

TEST_CASE("what is no origin of a site is none") {
  for (const auto* text : {"",
                           "null",
                           "NULL",
                           "*",
                           "file://",
                           "http://",
                           "http:example.org",
                           "//example.org",
                           "example.org",
                           "http://example.org/",
                           "http://example.org/a",
                           "http://user@example.org",
                           "http://localhost:1543.evil.example",
                           "http://a.example http://b.example",
                           "http://a.example, http://b.example",
                           "http://a.example,http://b.example",
                           "http://example.org#x",
                           "http://example.org?x",
                           " http://example.org",
                           "ht tp://a.example",
                           "1http://a.example",
                           "http://https://a.example",
                           "http://*.example.org"}) {
    INFO(text);
    CHECK_FALSE(normal_origin(text));
  }
}

TEST_CASE("a page's own origin follows from its host and from TLS") {
  const auto of = [](std::string_view host, bool tls) {
    return origin_of(parse_authority(host).value(), tls);
  };
  CHECK(of("localhost:1543", false) == "http://localhost:1543");
  CHECK(of("localhost:1543", true) == "https://localhost:1543");
  CHECK(of("localhost:80", false) == "http://localhost");
  CHECK(of("localhost:80", true) == "https://localhost:80");
  CHECK(of("[::1]:443", true) == "https://[::1]");
}
