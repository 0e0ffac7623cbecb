#include <catch2/catch.hpp>

#include "server/upstream/proxy/proxy.hpp"
#include "tests/support/contains.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/print_result.hpp"

using namespace server::upstream;
using Kind = Proxy::Kind;

namespace {

const std::string key = "00112233445566778899aabbccddeeff";

Proxy read(std::string_view text) {
  auto out = read_proxy(text);
  CAPTURE(std::string(text), out.has_error() ? out.error() : std::string());
  REQUIRE(out);
  return *out;
}

std::string refusal(std::string_view text) {
  const auto out = read_proxy(text);
  CAPTURE(std::string(text));
  REQUIRE_FALSE(out);
  return out.error();
}

}  // namespace

TEST_CASE("A proxy is read from its URL") {
  const auto plain = read("socks5://127.0.0.1:1080");
  CHECK(plain.kind == Kind::socks5);
  CHECK(plain.at.host == "127.0.0.1");
  CHECK(plain.at.port == 1080);
  CHECK(plain.user.empty());
  CHECK(read("SOCKS5h://proxy.example.org:1/").at.host == "proxy.example.org");
  CHECK(read("http://[::1]:3128").at.host == "::1");
  CHECK(read("tg://socks?server=[::1]&port=1080").at.host == "::1");
  CHECK(read("http://127.0.0.1:3128").kind == Kind::http);
}

TEST_CASE("A proxy's user and password are read with their escapes") {
  const auto proxy = read("socks5://a%40b:p%3Aw%2f%25@h:9050");
  CHECK(proxy.user == "a@b");
  CHECK(proxy.password == "p:w/%");
  CHECK(proxy.at.host == "h");
  CHECK(read("http://ada:a@b:c@h:1").password == "a@b:c");
  CHECK(read("http://ada@h:1").user == "ada");
}

TEST_CASE("An MTProxy is read from any of its links") {
  for (const std::string start :
       {"tg://proxy?", "tg://proxy/?", "https://t.me/proxy?", "http://t.me/proxy?", "t.me/proxy?",
        "https://telegram.me/proxy?", "HTTPS://T.ME/proxy?"}) {
    const auto proxy = read(start + "server=proxy.example.org&port=443&secret=dd" + key);
    CHECK(proxy.kind == Kind::mtproxy);
    CHECK(proxy.at.host == "proxy.example.org");
    CHECK(proxy.at.port == 443);
    CHECK(support::hex(proxy.secret.key.bytes()) == key);
    CHECK(proxy.secret.padded);
  }
  const auto more = read("tg://proxy?port=1&x=y&secret=ABEiM0RVZneImaq7zN3u%2Fw%3D%3D&server=h#ad");
  CHECK(support::hex(more.secret.key.bytes()) == key);
}

TEST_CASE("A SOCKS5 proxy is read from Telegram's link") {
  const auto proxy = read("https://t.me/socks?server=1.2.3.4&port=1080&user=ada&pass=a%26b");
  CHECK(proxy.kind == Kind::socks5);
  CHECK(proxy.user == "ada");
  CHECK(proxy.password == "a&b");
  CHECK(read("tg://socks?server=1.2.3.4&port=1080").user.empty());
}

TEST_CASE("What people paste around a proxy's address does not count") {
  const auto link = "https://t.me/proxy?server=h.example.org&amp;port=443&amp;secret=" + key;
  CHECK(read(link).at.host == "h.example.org");
  CHECK(read("\uFEFF \"tg://proxy?server=h&port=443\n&secret=" + key + "\"\r\n").at.port == 443);
  const auto url = read("\u201Csocks5://ada:it's-me@h:\u200B1080 \u201D");
  CHECK(url.password == "it's-me");
  CHECK(url.at.port == 1080);
}

TEST_CASE("What is no proxy is refused by what it lacks") {
  using support::contains;
  CHECK_THAT(refusal(""), contains("is due"));
  CHECK_THAT(refusal("https://h:443"), contains("is due"));
  CHECK_THAT(refusal("socks4://h:1"), contains("is due"));
  CHECK_THAT(refusal("socks5://h"), contains("port"));
  CHECK_THAT(refusal("socks5://h:0"), contains("1 to 65535"));
  CHECK_THAT(refusal("socks5://h:65536"), contains("1 to 65535"));
  CHECK_THAT(refusal("socks5://h:1x"), contains("1 to 65535"));
  CHECK_THAT(refusal("socks5://::1:1080"), contains("brackets"));
  CHECK_THAT(refusal("socks5://[::1]"), contains("port"));
  CHECK_THAT(refusal("socks5://[example.org]:1080"), contains("host"));
  CHECK_THAT(refusal("tg://socks?server=[::1&port=1080"), contains("host"));
  CHECK_THAT(refusal("socks5://:1080"), contains("host"));
  CHECK_THAT(refusal("http://a b:1"), contains("host"));
  CHECK_THAT(refusal("http://a\r\nb:1"), contains("host"));
  CHECK_THAT(refusal("http://h/x:1"), contains("host"));
  CHECK_THAT(refusal("socks5://%4:x@h:1"), contains("%"));
  CHECK_THAT(refusal("socks5://:x@h:1"), contains("no user"));
  CHECK_THAT(refusal("http://a%3Ab:x@h:1"), contains("colon"));
  CHECK_THAT(refusal("socks5://" + std::string(256, 'u') + "@h:1"), contains("255"));
  CHECK_THAT(refusal("tg://join?invite=x"), contains("no proxy"));
  CHECK_THAT(refusal("tg://proxy?server=h&secret=" + key), contains("port"));
  CHECK_THAT(refusal("tg://proxy?server=h&port=1"), contains("secret"));
  CHECK_THAT(refusal("tg://proxy?port=1&secret=" + key), contains("host"));
  CHECK_THAT(refusal("tg://proxy?server=%zz&port=1&secret=" + key), contains("%"));
  CHECK_THAT(refusal("socks5://" + std::string(5000, 'u') + "@h:1"), contains("too long"));
}

TEST_CASE("What is wrong with a proxy is told without its secrets") {
  for (const std::string text :
       {"socks5://ada:hunter2@h", "tg://proxy?server=h&port=1&secret=hunter2",
        "ftp://ada:hunter2@h:1"}) {
    CHECK(refusal(text).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("A proxy is shown without its secrets") {
  CHECK(shown(read("socks5://a%40b:hunter2@[::1]:1080")) == "socks5://a%40b:***@[::1]:1080");
  CHECK(shown(read("http://h:8080")) == "http://h:8080");
  CHECK(shown(read("t.me/proxy?server=h&port=1&secret=" + key)) ==
        "tg://proxy?server=h&port=1&secret=***");
  CHECK(described(read("http://ada:x@h:8080")) == "HTTP proxy h:8080");
  CHECK(mtproxy_link(read("t.me/proxy?server=h&port=1&secret=dd" + key)) ==
        "tg://proxy?server=h&port=1&secret=dd" + key);
}

TEST_CASE("Proxies are the same where all of them is") {
  const auto one = read("socks5://ada:x@h:1");
  CHECK(one == read("socks5h://ada:x@h:1"));
  CHECK_FALSE(one == read("socks5://ada:y@h:1"));
  CHECK_FALSE(one == read("http://ada:x@h:1"));
  const auto link = "tg://proxy?server=h&port=1&secret=";
  CHECK_FALSE(read(link + key) == read(link + ("dd" + key)));
}

TEST_CASE("An MTProxy makes a transport its own") {
  using mtproto::Framing;
  const auto link = "tg://proxy?server=h&port=1&secret=";
  const auto plain = through(read(link + key), {Framing::abridged}, 10'002);
  CHECK(plain.framing == Framing::abridged);
  CHECK(plain.obfuscated);
  CHECK(plain.dc == 10'002);
  CHECK(support::hex(plain.proxy_secret) == key);
  CHECK_FALSE(plain.tls);
  CHECK(through(read(link + key), {Framing::full}, 2).framing == Framing::intermediate);
  CHECK(through(read(link + ("dd" + key)), {Framing::abridged}, 2).framing == Framing::padded);
  const auto tls = through(read(link + ("ee" + key + "612e6f7267")), {}, 2);
  CHECK(tls.framing == Framing::padded);
  CHECK(tls.tls);
  const auto socks = through(read("socks5://h:1"), {Framing::full}, 2);
  CHECK(socks.framing == Framing::full);
  CHECK_FALSE(socks.obfuscated);
}
