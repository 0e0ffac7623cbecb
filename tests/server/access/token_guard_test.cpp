// How long the answers to wrong tokens wait.
#include "server/access/token_guard.hpp"

#include <catch2/catch.hpp>

using namespace server::access;
using namespace std::chrono_literals;

namespace {

const mtproto::Time start{1000s};

boost::asio::ip::address at(const std::string& text) { return boost::asio::ip::make_address(text); }

// What the last of so many wrong ones at a time has to wait.
mtproto::Duration guess(TokenGuard& guard, const std::string& from, int times,
                        mtproto::Time now = start) {
  mtproto::Duration wait{};
  for (int i = 0; i < times; ++i) wait = guard.wrong(at(from), now);
  return wait;
}

}  // namespace

TEST_CASE(
    "five wrong tokens are answered at once, each further one later, thirty seconds at most") {
  TokenGuard guard;
  CHECK(guess(guard, "192.0.2.1", 5) == 0s);
  CHECK(guess(guard, "192.0.2.1", 1) == 12s);
  CHECK(guess(guard, "192.0.2.1", 1) == 24s);
  CHECK(guess(guard, "192.0.2.1", 1) == 30s);
  CHECK(guess(guard, "192.0.2.1", 1000) == 30s);
}

TEST_CASE("wrong tokens that are far between wait for nothing") {
  TokenGuard guard;
  for (int i = 0; i < 40; ++i) CHECK(guess(guard, "192.0.2.1", 1, start + i * 12s) == 0s);
}

TEST_CASE("however many there were, after a minute and a half there are five again") {
  TokenGuard guard;
  guess(guard, "192.0.2.1", 1000);
  CHECK(guess(guard, "192.0.2.1", 1, start + 30s) == 12s);
  guess(guard, "192.0.2.1", 1000, start + 60s);
  CHECK(guess(guard, "192.0.2.1", 5, start + 150s) == 0s);
  CHECK(guess(guard, "192.0.2.1", 1, start + 150s) == 12s);
}

TEST_CASE("one address does not slow another, loopback counts like any") {
  TokenGuard guard;
  CHECK(guess(guard, "127.0.0.1", 6) == 12s);
  CHECK(guess(guard, "127.0.0.2", 1) == 0s);
  CHECK(guess(guard, "::1", 1) == 0s);
}

TEST_CASE("guesses from one IPv6 network are one visitor's, mapped ones those of their address") {
  TokenGuard guard;
  for (const auto* from :
       {"2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8:0:0:8::", "2001:db8::5"}) {
    guess(guard, from, 1);
  }
  CHECK(guess(guard, "2001:db8::77", 1) == 12s);
  CHECK(guess(guard, "2001:db8:0:1::77", 1) == 0s);
  guess(guard, "::ffff:192.0.2.1", 5);
  CHECK(guess(guard, "192.0.2.1", 1) == 12s);
}

TEST_CASE("the table does not grow; the address that was longest silent is forgotten") {
  TokenGuard guard;
  const auto nth = [](std::uint32_t n) {
    return boost::asio::ip::address(boost::asio::ip::address_v4(0x0a000000 + n));
  };
  guess(guard, "192.0.2.1", 5);
  guess(guard, "192.0.2.2", 5);
  for (std::uint32_t i = 0; i < TokenGuard::most_networks - 2; ++i) guard.wrong(nth(i), start);
  CHECK(guess(guard, "192.0.2.1", 1) == 12s);
  guard.wrong(nth(TokenGuard::most_networks), start);
  CHECK(guess(guard, "192.0.2.1", 1) == 24s);
  CHECK(guess(guard, "192.0.2.2", 1) == 0s);
}
