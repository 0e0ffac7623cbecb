#include "mtproto/session/backlog.hpp"

#include <catch2/catch.hpp>

using namespace mtproto;
using namespace std::chrono_literals;

namespace {

const UnixTime noon{1'700'000'000s};

}  // namespace

TEST_CASE("without a backlog what is older than five minutes is stale") {
  Backlog backlog;
  CHECK(backlog.empty());
  CHECK_FALSE(backlog.stale(noon - 300s, noon, true));
  CHECK(backlog.stale(noon - 301s, noon, true));
}

TEST_CASE("what was said while nothing was read is not stale, and what was said before it is") {
  Backlog backlog;
  backlog.begin(noon);
  backlog.end(noon + 1h);
  CHECK_FALSE(backlog.stale(noon + 1s, noon + 1h, true));
  CHECK_FALSE(backlog.stale(noon - 300s, noon + 1h, true));
  CHECK(backlog.stale(noon - 301s, noon + 1h, true));
}

TEST_CASE("a backlog ends with the first message that was said after reading went on") {
  Backlog backlog;
  backlog.begin(noon);
  backlog.end(noon + 1h);
  CHECK_FALSE(backlog.stale(noon + 1h, noon + 1h, true));
  CHECK(backlog.empty());
  CHECK(backlog.stale(noon + 1s, noon + 1h, true));
}

TEST_CASE("while nothing is read a backlog goes on, and begins but once") {
  Backlog backlog;
  backlog.begin(noon);
  backlog.begin(noon + 1h);
  CHECK_FALSE(backlog.stale(noon + 2h, noon + 2h, false));
  CHECK_FALSE(backlog.stale(noon, noon + 2h, false));
  CHECK_FALSE(backlog.empty());
}
