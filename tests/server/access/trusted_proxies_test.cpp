// Whose word is taken for whom they speak.
#include "server/access/trusted_proxies.hpp"

#include <catch2/catch.hpp>

using namespace server;
using namespace server::access;

namespace {

bool trusts(const std::vector<std::string>& rules, const std::string& address) {
  return TrustedProxies(rules).trusts({boost::asio::ip::make_address(address)});
}

}  // namespace

TEST_CASE("an address is trusted, its neighbours are not") {
  CHECK(trusts({"192.0.2.1"}, "192.0.2.1"));
  CHECK_FALSE(trusts({"192.0.2.1"}, "192.0.2.0"));
  CHECK(trusts({"::1", "2001:db8::5"}, "2001:db8::5"));
  CHECK_FALSE(trusts({"2001:db8::5"}, "2001:db8::4"));
  CHECK(trusts({"192.0.2.1"}, "::ffff:192.0.2.1"));
  CHECK_FALSE(trusts({}, "127.0.0.1"));
}

TEST_CASE("a network is trusted as far as it reaches") {
  CHECK(trusts({"10.0.0.0/8"}, "10.255.255.255"));
  CHECK_FALSE(trusts({"10.0.0.0/8"}, "11.0.0.0"));
  CHECK(trusts({"192.0.2.64/27"}, "192.0.2.95"));
  CHECK_FALSE(trusts({"192.0.2.64/27"}, "192.0.2.96"));
  CHECK_FALSE(trusts({"192.0.2.64/27"}, "192.0.2.63"));
  CHECK(trusts({"192.0.2.1/32"}, "192.0.2.1"));
  CHECK(trusts({"fd00::/8"}, "fdff::1"));
  CHECK_FALSE(trusts({"fd00::/8"}, "fc00::1"));
  CHECK_FALSE(trusts({"0.0.0.0/0"}, "2001:db8::1"));
}

TEST_CASE("unix is whoever comes to the socket file, and nobody else") {
  const TrustedProxies unix_only({"unix"});
  CHECK(unix_only.trusts({{}, true}));
  CHECK_FALSE(unix_only.trusts({boost::asio::ip::make_address("127.0.0.1")}));
  CHECK_FALSE(unix_only.trusts({{}, false, true}));
  CHECK_FALSE(TrustedProxies({"127.0.0.1", "0.0.0.0"}).trusts({{}, true}));
}

TEST_CASE("what is no address and no network is refused") {
  for (const auto* text :
       {"", "UNIX", "proxy.example.org", "localhost", "*", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8",
        "::1/129", "2001:db8::1/32", "10.0.0.0/-1", "10.0.0.0/8/8", "[::1]", "fe80::1%eth0",
        "10.0.0", "127.0.0.1:80", " 10.0.0.1"}) {
    INFO(text);
    CHECK_FALSE(TrustedProxies().add(text));
  }
}
