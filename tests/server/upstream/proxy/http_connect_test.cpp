#include "server/upstream/proxy/http_connect.hpp"

#include <catch2/catch.hpp>

#include "server/upstream/proxy/proxy_errc.hpp"
#include "tests/support/print_result.hpp"

using namespace server::upstream;

namespace {

const Address target{"149.154.167.51", 443};

std::string asked(const Address& to, std::string user = {}, std::string password = {}) {
  tl::Bytes out;
  REQUIRE(HttpConnect(to, std::move(user), std::move(password)).begin(out));
  return std::string(tl::as_text(out));
}

// Whether the way is open after `reply`, said in pieces of `step` bytes.
tl::Result<bool> after(std::string_view reply, std::size_t step = 1'000'000,
                       const std::string& user = {}) {
  HttpConnect http(target, user, "");
  tl::Bytes out;
  REQUIRE(http.begin(out));
  tl::Result<bool> open = false;
  while (!reply.empty() && open && !*open) {
    const auto size = std::min(step, reply.size());
    open = http.receive(tl::as_bytes(reply.substr(0, size)), out);
    reply.remove_prefix(size);
  }
  return open;
}

}  // namespace

TEST_CASE("CONNECT names the data centre twice") {
  CHECK(asked(target) == "CONNECT 149.154.167.51:443 HTTP/1.1\r\nHost: 149.154.167.51:443\r\n\r\n");
  CHECK(asked({"2001:67c:4e8:f002::a", 80}).starts_with("CONNECT [2001:67c:4e8:f002::a]:80 HTTP"));
}

TEST_CASE("CONNECT signs in by Basic") {
  CHECK(asked(target, "Aladdin", "open sesame")
            .ends_with("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"));
}

TEST_CASE("CONNECT sends no host that would end its line") {
  for (const char* host : {"", "a b", "a\r\nX: y", "\xc3\xa4"}) {
    tl::Bytes out;
    CHECK(HttpConnect({host, 1}, "", "").begin(out).error() == proxy_errc::bad_target);
    CHECK(out.empty());
  }
}

TEST_CASE("A 2xx of an HTTP proxy opens the way however it is cut") {
  for (const std::size_t step : {1U, 7U, 1000U}) {
    const auto open = after("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n", step);
    REQUIRE(open);
    CHECK(*open);
  }
  CHECK(*after("HTTP/1.1 204\r\n\r\n"));
  CHECK_FALSE(*after("HTTP/1.1 200 OK\r\nVia: x\r\n"));
}

TEST_CASE("An HTTP proxy's refusal is told by its status") {
  CHECK(after("HTTP/1.1 407 Hm\r\n\r\n").error() == proxy_errc::wants_password);
  CHECK(after("HTTP/1.1 407 Hm\r\n\r\n", 1000, "ada").error() == proxy_errc::wrong_password);
  CHECK(after("HTTP/1.1 401 Hm\r\n\r\n", 1000, "ada").error() == proxy_errc::wrong_password);
  CHECK(after("HTTP/1.1 403 No\r\n\r\nbecause").error() == proxy_errc::not_allowed);
  const auto other = after("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9\r\n\r\n").error();
  CHECK(other.message() == "the proxy answered with HTTP status 502");
  CHECK(is_about_target(other));
}

TEST_CASE("What does not speak HTTP is recognised at its first bytes") {
  for (const char* reply : {"\x05", "HTTP/2 200 OK\r\n\r\n", "SSH-2.0-OpenSSH\r\n",
                            "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 abc\r\n", "HTTP/1.1\r\n\r\n"}) {
    CAPTURE(reply);
    CHECK(after(reply).error() == proxy_errc::not_http);
  }
}

TEST_CASE("An HTTP proxy's head without end is refused") {
  std::string reply = "HTTP/1.1 200 OK\r\n";
  while (reply.size() < 20'000) reply += "X-More: and more\r\n";
  CHECK(after(reply, 100).error() == proxy_errc::not_http);
}

TEST_CASE("An HTTP proxy that goes on talking is refused") {
  CHECK(after("HTTP/1.1 200 OK\r\n\r\nx").error() == proxy_errc::chatter);
}
