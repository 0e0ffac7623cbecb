#include "server/account/live_accounts.hpp"

#include <catch2/catch.hpp>

using namespace server::account;
using mtproto::AuthKeyId;

namespace {

constexpr AuthKeyId key{1}, other{2};

Account* some_account() {
  static int place = 0;
  return reinterpret_cast<Account*>(&place);
}

}  // namespace

TEST_CASE("A key has one account at a time, and it is known in which thread", "[live_accounts]") {
  LiveAccounts live;
  CHECK(live.claim(key, {3, some_account()}));
  CHECK_FALSE(live.claim(key, {3, some_account()}));
  CHECK_FALSE(live.claim(key, {4, some_account()}));
  CHECK(live.claim(other, {4, some_account()}));
  CHECK(live.find(key)->thread == 3);
  live.release(key);
  CHECK_FALSE(live.find(key));
  CHECK(live.claim(key, {4, some_account()}));
}

TEST_CASE("A lease keeps a key in its thread before and after there is an account",
          "[live_accounts]") {
  LiveAccounts live;
  auto first = live.lease(key, 3);
  CHECK(first.thread() == 3);
  CHECK_FALSE(live.claim(key, {4, some_account()}));
  CHECK(live.claim(key, {3, some_account()}));
  {
    const auto second = live.lease(key, 4);
    CHECK(second.thread() == 3);
  }
  live.release(key);
  CHECK(live.find(key)->thread == 3);
  CHECK(live.find(key)->account == nullptr);
  auto moved = std::move(first);
  CHECK_FALSE(first);
  moved = {};
  CHECK_FALSE(live.find(key));
}

TEST_CASE("An account that is there keeps its thread without a lease", "[live_accounts]") {
  LiveAccounts live;
  live.claim(key, {3, some_account()});
  { const auto lease = live.lease(key, 4); }
  REQUIRE(live.find(key));
  CHECK(live.find(key)->account == some_account());
}
