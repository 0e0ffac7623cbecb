#include "server/webhooks/webhook_address.hpp"

#include <catch2/catch.hpp>

#include "server/webhooks/webhook_address_list.hpp"

using namespace server::webhooks;

namespace {

std::string_view kind_of(const std::string& address) {
  return special_address(boost::asio::ip::make_address(address));
}

WebhookUrl url_of(std::string_view text) {
  auto url = read_webhook_url(text);
  INFO(text << (url ? "" : ": " + url.error()));
  REQUIRE(url.has_value());
  return *url;
}

}  // namespace

TEST_CASE("addresses that everybody reaches may be called") {
  for (const auto* address :
       {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1",
        "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
        "2a00:1450::1", "2001:200::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"}) {
    INFO(address);
    CHECK(kind_of(address).empty());
  }
}

TEST_CASE("special addresses are not called, each for what it is") {
  for (const auto& [address, kind] :
       std::vector<std::pair<std::string, std::string>>{{"0.0.0.0", "unspecified"},
                                                        {"0.1.2.3", "unspecified"},
                                                        {"10.0.0.1", "private"},
                                                        {"100.64.0.1", "a provider's own"},
                                                        {"100.127.255.255", "a provider's own"},
                                                        {"127.0.0.1", "loopback"},
                                                        {"127.255.255.254", "loopback"},
                                                        {"169.254.169.254", "link-local"},
                                                        {"172.16.0.1", "private"},
                                                        {"172.31.255.255", "private"},
                                                        {"192.0.0.8", "reserved"},
                                                        {"192.0.2.1", "for documentation"},
                                                        {"192.88.99.1", "of 6to4"},
                                                        {"192.168.1.1", "private"},
                                                        {"198.18.0.1", "for benchmarks"},
                                                        {"198.19.255.255", "for benchmarks"},
                                                        {"198.51.100.7", "for documentation"},
                                                        {"203.0.113.7", "for documentation"},
                                                        {"224.0.0.1", "multicast"},
                                                        {"239.255.255.255", "multicast"},
                                                        {"240.0.0.1", "reserved"},
                                                        {"255.255.255.255", "reserved"},
                                                        {"::", "unspecified"},
                                                        {"::1", "loopback"},
                                                        {"fe80::1", "link-local"},
                                                        {"febf::1", "link-local"},
                                                        {"fec0::1", "site-local"},
                                                        {"fc00::1", "unique-local"},
                                                        {"fdff::1", "unique-local"},
                                                        {"ff02::1", "multicast"},
                                                        {"2001:db8::1", "for documentation"},
                                                        {"3fff::1", "for documentation"},
                                                        {"2001:2::1", "for benchmarks"},
                                                        {"2001:10::1", "reserved"},
                                                        {"100::1", "reserved"},
                                                        {"4000::1", "reserved"},
                                                        {"5f00::1", "reserved"}}) {
    INFO(address);
    CHECK(kind_of(address) == kind);
  }
}

TEST_CASE("IPv6 addresses that stand for an IPv4 address are called where that one is") {
  for (const auto& [address, kind] : std::vector<std::pair<std::string, std::string>>{
           {"::ffff:127.0.0.1", "loopback"},
           {"::ffff:10.1.2.3", "private"},
           {"::ffff:169.254.169.254", "link-local"},
           {"::ffff:0.0.0.0", "unspecified"},
           {"64:ff9b::192.168.0.1", "private"},
           {"64:ff9b::127.0.0.1", "loopback"},
           // No network that is up has these, so it does not matter for which one.
           {"::127.0.0.1", "IPv4-compatible"},
           {"::8.8.8.8", "IPv4-compatible"},
           {"64:ff9b:1::10.0.0.1", "of a local NAT64"},
           {"2002:7f00:1::1", "of 6to4"},
           {"2002:0a00:0001::1", "of 6to4"},
           {"2001:0:4136:e378:8000:63bf:80ff:fffe", "of Teredo"},
           {"2001::1", "of Teredo"}}) {
    INFO(address);
    CHECK(kind_of(address) == kind);
  }
}

TEST_CASE("a URL is read in its parts") {
  const auto url = url_of("https://Example.org/a/b?c=d%20e");
  CHECK(url.tls);
  CHECK(url.host() == "example.org");
  CHECK(url.port() == 443);
  CHECK(url.target == "/a/b?c=d%20e");
  CHECK(url_of("HTTP://example.org").port() == 80);
  CHECK(url_of("http://example.org").target == "/");
  CHECK(url_of("http://example.org:8080?q").target == "/?q");
  CHECK(url_of("http://example.org:8080?q").port() == 8080);
  CHECK(url_of("http://[2001:db8::1]:81/").host() == "2001:db8::1");
  CHECK(url_of("http://example.org/@x").target == "/@x");
}

TEST_CASE("a URL that is none, or holds what it may not, is refused in words that repeat nothing") {
  for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
           {"", "https:// or http:// is due"},
           {"ftp://example.org/", "https:// or http:// is due"},
           {"//example.org/", "https:// or http:// is due"},
           {"https:example.org", "https:// or http:// is due"},
           {"https://user:secret@example.org/", "without user and password"},
           {"https://user@example.org/", "without user and password"},
           {"https://example.org/#secret", "without a fragment"},
           {"https://", "a host"},
           {"https:///secret", "a host"},
           {"https://example.org:0/", "a host"},
           {"https://example.org:99999/", "a host"},
           {"https://127.1/", "a host"},
           {"https://0x7f.0.0.1/", "a host"},
           {"https://2130706433/", "a host"},
           {"https://[::1/", "a host"},
           {"https://exa mple.org/", "no blanks"},
           {"https://example.org/secret\r\nX: y", "no blanks"},
           {"https://example.org\\@secret/", "no blanks"},
           {"https://ex\xc3\xa4mple.org/", "no blanks"},
           {"https://example.org/" + std::string(2048, 'a'), "at most 2048"}}) {
    INFO(text);
    const auto url = read_webhook_url(text);
    REQUIRE_FALSE(url.has_value());
    CHECK(url.error().find(why) != std::string::npos);
    CHECK(url.error().find("secret") == std::string::npos);
  }
}

TEST_CASE("what the operator named is called, and nothing beside it") {
  const AllowedWebhooks allowed({"localhost", "127.0.0.1:8080", "[::1]", "hooks.example.org:443"});
  for (const auto* named : {"http://localhost/", "http://LOCALHOST:7/", "http://127.0.0.1:8080/x",
                            "http://[::1]:9/", "https://hooks.example.org/"}) {
    INFO(named);
    CHECK(allowed.names(url_of(named)));
  }
  for (const auto* other : {"http://127.0.0.1/", "http://127.0.0.1:8081/", "http://127.0.0.2:8080/",
                            "http://hooks.example.org/", "https://a.hooks.example.org/",
                            "http://localhost.example.org/"}) {
    INFO(other);
    CHECK_FALSE(allowed.names(url_of(other)));
  }
}

TEST_CASE("of the addresses that a host has those are called that everybody reaches") {
  const auto url = url_of("http://example.org:81/");
  const auto addresses = [](std::initializer_list<const char*> texts) {
    std::vector<boost::asio::ip::address> out;
    for (const auto* text : texts) out.push_back(boost::asio::ip::make_address(text));
    return out;
  };
  const auto some = callable(addresses({"10.0.0.1", "8.8.8.8", "::1"}), url, false);
  REQUIRE(some.addresses.size() == 1);
  CHECK(some.addresses[0].host == "8.8.8.8");
  CHECK(some.addresses[0].port == 81);
  CHECK(some.error.empty());
  const auto none = callable(addresses({"192.168.0.1", "::1"}), url, false);
  CHECK(none.addresses.empty());
  CHECK(none.error ==
        "the address of example.org is private and is not called without --allow-webhook "
        "example.org");
  CHECK(callable(addresses({"192.168.0.1", "::1"}), url, true).addresses.size() == 2);
  CHECK(callable({}, url, true).error == "example.org has no address");
}
