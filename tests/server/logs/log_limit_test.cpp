#include "server/logs/log_limit.hpp"

#include <catch2/catch.hpp>

using server::logs::LogLimit;
using namespace std::chrono_literals;

TEST_CASE("Ten lines at once are written, then one every ten seconds") {
  LogLimit limit;
  const mtproto::Time now{5s};
  for (int i = 0; i < LogLimit::at_once; ++i) CHECK(limit.admit(now) == 0U);
  CHECK_FALSE(limit.admit(now));
  CHECK_FALSE(limit.admit(now + 9s));
  CHECK(limit.admit(now + 10s) == 2U);
  CHECK_FALSE(limit.admit(now + 10s));
  CHECK(limit.admit(now + 20s) == 1U);
}

TEST_CASE("After a quiet time ten lines are written again, and no more") {
  LogLimit limit;
  mtproto::Time now{5s};
  for (int i = 0; i < 1000; ++i) limit.admit(now);
  now += 1h;
  CHECK(limit.admit(now) == 990U);
  for (int i = 1; i < LogLimit::at_once; ++i) CHECK(limit.admit(now) == 0U);
  CHECK_FALSE(limit.admit(now));
}
