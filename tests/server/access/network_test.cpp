// What counts as one visitor among addresses, and how many connections one has.
#include "server/access/network.hpp"

#include <catch2/catch.hpp>

#include "server/access/connection_limiter.hpp"

using namespace server;
using namespace server::access;

namespace {

boost::asio::ip::address at(const std::string& text) { return boost::asio::ip::make_address(text); }
Network of(const std::string& text) { return network_of(at(text)); }

}  // namespace

TEST_CASE("an IPv4 address is one, an IPv6 address counts by its /64") {
  CHECK(of("192.0.2.1") != of("192.0.2.2"));
  CHECK(of("2001:db8::1") == of("2001:db8:0:0:ffff:ffff:ffff:ffff"));
  CHECK(of("2001:db8::1") != of("2001:db8:0:1::1"));
  CHECK(of("0.0.0.1") != of("0:0:0:1::"));
}

TEST_CASE("an IPv4 address that is mapped into IPv6 is the IPv4 address") {
  CHECK(unmapped(at("::ffff:192.0.2.1")) == at("192.0.2.1"));
  CHECK(unmapped(at("192.0.2.1")) == at("192.0.2.1"));
  CHECK(unmapped(at("2001:db8::1")) == at("2001:db8::1"));
  CHECK(of("::ffff:192.0.2.1") == of("192.0.2.1"));
  CHECK(of("::ffff:192.0.2.1") != of("::ffff:192.0.2.2"));
}

TEST_CASE("an address has so many connections, by its network, and again once one has gone") {
  ConnectionLimiter limiter(2);
  auto first = limiter.enter({at("2001:db8::1")});
  const auto second = limiter.enter({at("2001:db8::2")});
  CHECK(first);
  CHECK(second);
  CHECK_FALSE(limiter.enter({at("2001:db8::3")}));
  CHECK(limiter.enter({at("2001:db8:0:1::3")}));
  CHECK(limiter.enter({at("192.0.2.1")}));
  const auto copy = *first;
  first.reset();
  CHECK_FALSE(limiter.enter({at("2001:db8::3")}));
}

TEST_CASE("a place is free once the last who held it has let go") {
  ConnectionLimiter limiter(1);
  auto place = limiter.enter({at("192.0.2.1")});
  REQUIRE(place);
  CHECK_FALSE(limiter.enter({at("192.0.2.1")}));
  place.reset();
  CHECK(limiter.enter({at("192.0.2.1")}));
}

TEST_CASE("who is on this machine is not counted, whom a proxy calls so is") {
  ConnectionLimiter limiter(1);
  const auto local = limiter.enter({{}, true});
  const auto loopback = limiter.enter({at("127.0.0.1")});
  CHECK(limiter.enter({{}, true}));
  CHECK(limiter.enter({at("127.0.0.1")}));
  CHECK(limiter.enter({at("::1")}));
  const auto proxied = limiter.enter({at("127.0.0.1"), false, true});
  CHECK(proxied);
  CHECK_FALSE(limiter.enter({at("127.0.0.1"), false, true}));
}
