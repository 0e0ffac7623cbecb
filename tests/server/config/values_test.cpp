#include "server/config/values.hpp"

#include <catch2/catch.hpp>

using namespace server::config;
using namespace std::chrono_literals;

TEST_CASE("sizes take suffixes in multiples of 1024") {
  CHECK(parse_size("0") == 0U);
  CHECK(parse_size("4096") == 4096U);
  CHECK(parse_size("64K") == 65536U);
  CHECK(parse_size("64k") == 65536U);
  CHECK(parse_size("16M") == 16U << 20);
  CHECK(parse_size("16MiB") == 16U << 20);
  CHECK(parse_size("1G") == 1U << 30);
  for (const auto* text : {"", "M", "-1", "1.5M", "1T", "1 M", "0x10", "1MB!",
                           "18446744073709551615K", "99999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text));
  }
}

TEST_CASE("times are seconds unless they say otherwise") {
  CHECK(parse_duration("10") == 10s);
  CHECK(parse_duration("0.5") == 500ms);
  CHECK(parse_duration("1.25s") == 1250ms);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("2m") == 120s);
  for (const auto* text :
       {"", "s", "soon", "-1", "0", "0.0001", "1h", "1e3", ".5", "1.", "1.2.3", "99999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("ports are 0 to 65535") {
  CHECK(parse_port("0") == 0);
  CHECK(parse_port("65535") == 65535);
  for (const auto* text : {"", "65536", "-1", "x", "1543 ", "+1"}) CHECK_FALSE(parse_port(text));
}

TEST_CASE("addresses end in a port, IPv6 ones stand in brackets") {
  const auto named = parse_host_port("example.org:443");
  REQUIRE(named);
  CHECK(named->host == "example.org");
  CHECK(named->port == 443);
  const auto six = parse_host_port("[::1]:443");
  REQUIRE(six);
  CHECK(six->host == "::1");
  for (const auto* text : {"", "example.org", ":443", "::1:443", "[::1]", "[]:443", "[x]:443",
                           "[::1:443", "x:0", "x:70000"}) {
    INFO(text);
    CHECK_FALSE(parse_host_port(text));
  }
}

TEST_CASE("what is loopback by its name") {
  for (const auto* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
    CHECK(is_loopback_name(host));
  }
  for (const auto* host : {"0.0.0.0", "::", "example.org", "127.0.0.1.example.org", "10.0.0.1"}) {
    CHECK_FALSE(is_loopback_name(host));
  }
}
