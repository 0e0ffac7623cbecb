// Whether all event loops turn.
#include "server/process/heartbeat.hpp"

#include <catch2/catch.hpp>

using server::Heartbeat;
using namespace std::chrono_literals;

namespace {

constexpr mtproto::Time start{1h};

}  // namespace

TEST_CASE("A round is complete with the last loop's answer, not before") {
  Heartbeat heartbeat(3);
  REQUIRE(heartbeat.begin(start));
  CHECK_FALSE(heartbeat.answered(0));
  CHECK_FALSE(heartbeat.answered(2));
  CHECK(heartbeat.answered(1));
  CHECK_FALSE(heartbeat.missing());
}

TEST_CASE("While one loop hangs no round begins, and it is known which and for how long") {
  Heartbeat heartbeat(3);
  REQUIRE(heartbeat.begin(start));
  heartbeat.answered(0);
  heartbeat.answered(2);
  for (auto later = 5s; later < 1min; later += 5s) {
    CHECK_FALSE(heartbeat.begin(start + later));
    CHECK(heartbeat.missing() == std::size_t{1});
    CHECK(heartbeat.waited(start + later) == later);
  }
}

TEST_CASE("A loop that hung and turns again completes its round, and the next begins") {
  Heartbeat heartbeat(2);
  REQUIRE(heartbeat.begin(start));
  heartbeat.answered(0);
  CHECK_FALSE(heartbeat.begin(start + 5s));
  CHECK(heartbeat.answered(1));
  CHECK(heartbeat.waited(start + 6s) == 0s);
  CHECK(heartbeat.begin(start + 10s));
  CHECK(heartbeat.missing() == std::size_t{0});
}

TEST_CASE("One loop that answers twice does not stand for another") {
  Heartbeat heartbeat(2);
  REQUIRE(heartbeat.begin(start));
  CHECK_FALSE(heartbeat.answered(0));
  CHECK_FALSE(heartbeat.answered(0));
  CHECK(heartbeat.missing() == std::size_t{1});
}
