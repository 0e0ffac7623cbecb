#include <catch2/catch.hpp>

#include "server/account/login_token.hpp"
#include "tl/writer.hpp"

using namespace server::account;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t noon = 1'800'000'000;
constexpr mtproto::UnixTime at_noon{std::chrono::seconds(noon)};

tl::Bytes words(std::initializer_list<std::uint32_t> list) {
  tl::Bytes out;
  for (const auto word : list) tl::Writer(out).nat(word);
  return out;
}

}  // namespace

TEST_CASE("a token is written for addresses, without padding") {
  CHECK(login_url(tl::Bytes{0xfb, 0xff, 0xfe, 0x01}) == "tg://login?token=-__-AQ");
}

TEST_CASE("the next token is asked for before the last runs out") {
  CHECK(next_token_in(noon + 30, at_noon) == 27s);
  CHECK(next_token_in(noon + 30, at_noon + 10s) == 17s);
}

TEST_CASE("clocks and answers that make no sense cause neither a storm nor a long wait") {
  for (const auto expires : {noon + 1, noon, noon - 100'000, std::int64_t{0}, INT64_MIN}) {
    CHECK(next_token_in(expires, at_noon) == 2s);
  }
  for (const auto expires : {noon + 100, noon + 100'000, INT64_MAX}) {
    CHECK(next_token_in(expires, at_noon) == 60s);
  }
}

TEST_CASE("a scan is heard in updateShort and in nothing else") {
  CHECK(tells_of_login_token(words({0x78d4dec1, 0x564fe691, 1})));
  CHECK_FALSE(tells_of_login_token(words({0x78d4dec1, 0x564fe692, 1})));
  CHECK_FALSE(tells_of_login_token(words({0x564fe691})));
  CHECK_FALSE(tells_of_login_token(words({0x78d4dec1})));
  CHECK_FALSE(tells_of_login_token({}));
}
