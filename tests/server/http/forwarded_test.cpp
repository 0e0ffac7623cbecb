// For whom a request was made that came through proxies.
#include "server/http/forwarded.hpp"

#include <catch2/catch.hpp>

using namespace server;
using namespace server::http;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const access::TrustedProxies proxies({"127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48", "unix"});

Peer at(const std::string& address) { return {boost::asio::ip::make_address(address)}; }

// The client's address, "itself" where it is the peer's own, or "wrong".
std::string client(Fields fields, const Peer& peer = at("127.0.0.1")) {
  Head head;
  head.fields = std::move(fields);
  const auto found = client_of(peer, head, proxies);
  if (!found) return "wrong";
  return found->proxied ? found->address.to_string() : "itself";
}

std::string older(const std::string& value, const Peer& peer = at("127.0.0.1")) {
  return client({{"x-forwarded-for", value}}, peer);
}
std::string standard(const std::string& value, const Peer& peer = at("127.0.0.1")) {
  return client({{"forwarded", value}}, peer);
}

}  // namespace

TEST_CASE("a trusted proxy names its client by X-Forwarded-For or Forwarded") {
  CHECK(older("192.0.2.1") == "192.0.2.1");
  CHECK(older("2001:db8::7") == "2001:db8::7");
  CHECK(older("[2001:db8::7]:4711") == "2001:db8::7");
  CHECK(older("192.0.2.1:4711") == "192.0.2.1");
  CHECK(older("::ffff:192.0.2.1") == "192.0.2.1");
  CHECK(standard("for=192.0.2.1") == "192.0.2.1");
  CHECK(standard("For=\"[2001:db8::7]:4711\";proto=http;by=203.0.113.43") == "2001:db8::7");
  CHECK(standard("proto=https; FOR=\"192.0.2.1:_x\" ;host=\"a,b;c\\\"\"") == "192.0.2.1");
  CHECK(older("192.0.2.1", {{}, true}) == "192.0.2.1");
  CHECK(client({}) == "itself");
  CHECK(older(" ") == "itself");
}

TEST_CASE("what anybody else says of its address is not heard") {
  for (const auto& peer : {at("192.0.2.9"), at("127.0.0.2"), at("::1")}) {
    CHECK(older("192.0.2.1", peer) == "itself");
    CHECK(standard("for=192.0.2.1", peer) == "itself");
    CHECK(standard("for=\"", peer) == "itself");
    CHECK(client({{"x-forwarded-for", "192.0.2.1"}, {"forwarded", "for=192.0.2.2"}}, peer) ==
          "itself");
  }
}

TEST_CASE(
    "the client is the last in the list that is no trusted proxy; what it made up stands before "
    "it") {
  CHECK(older("127.0.0.1, 198.51.100.7, 192.0.2.1") == "192.0.2.1");
  CHECK(older("198.51.100.7, 192.0.2.1, 10.1.2.3, 10.3.2.1") == "192.0.2.1");
  CHECK(standard("for=198.51.100.7, for=192.0.2.1;by=x, for=10.1.2.3") == "192.0.2.1");
  CHECK(older("nonsense\", 192.0.2.1") == "192.0.2.1");
  CHECK(older("10.9.9.9, 10.1.2.3") == "10.9.9.9");
  CHECK(standard(", for=192.0.2.1,,") == "192.0.2.1");
}

TEST_CASE("several fields of a name are one list, in their order") {
  CHECK(client({{"x-forwarded-for", "198.51.100.7"},
                {"host", "x"},
                {"x-forwarded-for", "192.0.2.1"}}) == "192.0.2.1");
  CHECK(client({{"forwarded", "for=198.51.100.7"}, {"forwarded", "for=192.0.2.1"}}) == "192.0.2.1");
}

TEST_CASE("whom a proxy does not tell is that proxy") {
  CHECK(older("192.0.2.1, unknown") == "itself");
  CHECK(standard("for=192.0.2.1, for=unknown") == "itself");
  CHECK(standard("for=192.0.2.1, for=_hidden") == "itself");
  CHECK(standard("for=192.0.2.1, proto=https") == "itself");
  CHECK(older("192.0.2.1, unknown, 10.1.2.3") == "10.1.2.3");
  for (const auto* text : {"192.0.2.1:", "192.0.2.1:99999", "[192.0.2.1]", "[::1", "fe80::1%1",
                           "192.0.2.1 x", "192.0.2.01"}) {
    INFO(text);
    CHECK(older(text) == "itself");
  }
}

TEST_CASE("a Forwarded field that can't be understood is refused, whatever stands behind") {
  for (const auto* text :
       {"for=\", for=192.0.2.1", "for", "for=", "for 192.0.2.1", "for=a;for=b", "for=[::1]", "=x",
        "for=\"x\\", "for=192.0.2.1 for=192.0.2.2", "for=\"x\"y"}) {
    INFO(text);
    CHECK(standard(text) == "wrong");
  }
}

TEST_CASE(
    "where Forwarded and X-Forwarded-For differ, one is made up by the client, and neither "
    "counts") {
  CHECK(client({{"x-forwarded-for", "192.0.2.1"}, {"forwarded", "for=192.0.2.1"}}) == "192.0.2.1");
  CHECK(client({{"x-forwarded-for", "192.0.2.1"}, {"forwarded", "for=192.0.2.2"}}) == "wrong");
  CHECK(client({{"x-forwarded-for", "192.0.2.1"}, {"forwarded", "for=unknown"}}) == "wrong");
}
