// How often an address may guess.
#include "server/access/token_guard.hpp"

#include <catch2/catch.hpp>

using namespace server::access;
using namespace std::chrono_literals;

namespace {

const mtproto::Time start{1000s};

boost::asio::ip::address at(const std::string& text) { return boost::asio::ip::make_address(text); }

void guess(TokenGuard& guard, const std::string& from, int times, mtproto::Time now = start) {
  for (int i = 0; i < times; ++i) guard.wrong(at(from), now);
}

}  // namespace

TEST_CASE("five wrong tokens within a minute bring a pause of a minute") {
  TokenGuard guard;
  CHECK_FALSE(guard.paused(at("192.0.2.1"), start));
  guess(guard, "192.0.2.1", 4);
  CHECK_FALSE(guard.paused(at("192.0.2.1"), start));
  guess(guard, "192.0.2.1", 1, start + 59s);
  CHECK(guard.paused(at("192.0.2.1"), start + 59s));
  CHECK(guard.paused(at("192.0.2.1"), start + 118s));
  CHECK_FALSE(guard.paused(at("192.0.2.1"), start + 119s));
}

TEST_CASE("wrong tokens that are far between bring none") {
  TokenGuard guard;
  for (int i = 0; i < 40; ++i) {
    guard.wrong(at("192.0.2.1"), start + i * 15s);
    CHECK_FALSE(guard.paused(at("192.0.2.1"), start + i * 15s));
  }
}

TEST_CASE("any minute counts, not only whole ones") {
  TokenGuard guard;
  guess(guard, "192.0.2.1", 1);
  guess(guard, "192.0.2.1", 3, start + 55s);
  guess(guard, "192.0.2.1", 1, start + 65s);
  CHECK_FALSE(guard.paused(at("192.0.2.1"), start + 65s));
  guess(guard, "192.0.2.1", 1, start + 70s);
  CHECK(guard.paused(at("192.0.2.1"), start + 70s));
}

TEST_CASE("after a pause there are five again") {
  TokenGuard guard;
  guess(guard, "192.0.2.1", 5);
  guess(guard, "192.0.2.1", 4, start + 60s);
  CHECK_FALSE(guard.paused(at("192.0.2.1"), start + 60s));
  guess(guard, "192.0.2.1", 1, start + 60s);
  CHECK(guard.paused(at("192.0.2.1"), start + 60s));
}

TEST_CASE("one address does not pause another, loopback counts like any") {
  TokenGuard guard;
  guess(guard, "127.0.0.1", 5);
  CHECK(guard.paused(at("127.0.0.1"), start));
  CHECK_FALSE(guard.paused(at("127.0.0.2"), start));
  CHECK_FALSE(guard.paused(at("::1"), start));
}

TEST_CASE("an IPv6 address counts by its network, a mapped one as what it maps") {
  TokenGuard guard;
  for (const auto* from :
       {"2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8:0:0:8::", "2001:db8::5"}) {
    guess(guard, from, 1);
  }
  CHECK(guard.paused(at("2001:db8::77"), start));
  CHECK_FALSE(guard.paused(at("2001:db8:0:1::77"), start));
  guess(guard, "::ffff:192.0.2.1", 5);
  CHECK(guard.paused(at("192.0.2.1"), start));
  CHECK_FALSE(guard.paused(at("::ffff:192.0.2.2"), start));
}

TEST_CASE("the table does not grow; the address that was longest silent is forgotten") {
  TokenGuard guard;
  const auto nth = [](std::uint32_t n) {
    return boost::asio::ip::address(boost::asio::ip::address_v4(0x0a000000 + n));
  };
  guess(guard, "192.0.2.1", 5);
  guess(guard, "192.0.2.2", 5);
  for (std::uint32_t i = 0; i < TokenGuard::most_addresses - 2; ++i) guard.wrong(nth(i), start);
  CHECK(guard.paused(at("192.0.2.1"), start));
  guess(guard, "192.0.2.1", 1);
  guard.wrong(nth(TokenGuard::most_addresses), start);
  CHECK(guard.paused(at("192.0.2.1"), start));
  CHECK_FALSE(guard.paused(at("192.0.2.2"), start));
}
