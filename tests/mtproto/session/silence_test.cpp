#include "mtproto/session/silence.hpp"

#include <catch2/catch.hpp>

using namespace mtproto;
using namespace std::chrono_literals;

namespace {

// A link that is looked at whenever it wants to be.
struct Link {
  Link() {
    silence.connected(now);
    silence.ready(now);
  }
  void call(std::size_t bytes = 100) {
    silence.expect_answer();
    silence.wrote(bytes, now);
  }
  // Time passes, with a look at each deadline on the way; pings are written at once.
  bool passes(Duration time) {
    const auto until = now + time;
    while (alive && silence.deadline() && *silence.deadline() <= until) {
      now = std::max(now, *silence.deadline());
      alive = silence.tick(now);
      if (!silence.take_ping(now)) continue;
      ++pings;
      call();
    }
    now = until;
    return alive;
  }

  Time now{5h};
  Silence silence{{30s, 65s, 15s}};
  bool alive = true;
  int pings = 0;
};

}  // namespace

TEST_CASE(
    "a link that is only quiet is pinged after half a minute, and dead where that helps nothing") {
  Link link;
  CHECK(link.passes(29s));
  CHECK(link.pings == 0);
  CHECK(link.passes(1s));
  CHECK(link.pings == 1);
  CHECK(link.passes(14s));
  CHECK_FALSE(link.passes(1s));
}

TEST_CASE("a write without a byte in return is followed by two pings and death") {
  Link link;
  link.call();
  CHECK(link.passes(4s));
  CHECK(link.pings == 0);
  CHECK(link.passes(1s));
  CHECK(link.pings == 1);
  CHECK(link.passes(5s));
  CHECK(link.pings == 2);
  CHECK(link.passes(4s));
  CHECK_FALSE(link.passes(1s));
  CHECK(link.pings == 2);
}

TEST_CASE("what wants no answer is no reason to wait for one") {
  Link link;
  link.silence.wrote(1 << 20, link.now);
  CHECK(link.silence.deadline() == link.now + 30s);
}

TEST_CASE("a byte in return ends the wait for an answer") {
  Link link;
  link.call();
  CHECK(link.passes(4s));
  link.silence.heard(link.now);
  CHECK(link.passes(29s));
  CHECK(link.pings == 0);
}

TEST_CASE("much that was written is given the time that it takes to travel") {
  Link link;
  link.call(std::size_t{320} << 10);  // 20 s of the slowest line
  CHECK(link.passes(34s));
  CHECK_FALSE(link.passes(1s));
}

TEST_CASE("a peer that takes more of a write starts the wait anew") {
  Link link;
  link.call();
  for (int i = 0; i < 20; ++i) {
    CHECK(link.passes(4s));
    link.silence.moved(link.now);
  }
  CHECK(link.passes(14s));
  CHECK_FALSE(link.passes(1s));
}

TEST_CASE("before requests can travel nothing is pinged and only long silence is death") {
  Silence silence({30s, 65s, 15s});
  const Time now(5h);
  silence.connected(now);
  silence.expect_answer();
  silence.wrote(100, now);
  CHECK(silence.deadline() == now + 65s);
  CHECK(silence.tick(now + 64s));
  CHECK_FALSE(silence.wants_ping());
  CHECK_FALSE(silence.tick(now + 65s));
}

TEST_CASE("a busy link is pinged once a minute and not more often") {
  Link link;
  for (int second = 1; second < 180; ++second) {
    CHECK(link.passes(1s));
    CHECK(link.pings == second / 60);
    link.silence.heard(link.now);
    link.silence.pong();
  }
}

TEST_CASE("pings that a busy link leaves without a pong end it, and a pong does not") {
  for (const bool pong : {false, true}) {
    Link link;
    for (int second = 0; second < 200; ++second) {
      if (!link.passes(1s)) break;
      link.silence.heard(link.now);
      if (pong) link.silence.pong();
    }
    CHECK(link.alive == pong);
    CHECK(link.pings == 3);
  }
}

TEST_CASE("while reading is paused nothing is dead, and pings go on") {
  Link link;
  link.call();
  link.silence.pause(true);
  CHECK(link.passes(10min));
  CHECK(link.pings >= 10);
}

TEST_CASE("a look that comes late says that this machine was stopped") {
  Link link;
  link.call();
  CHECK_FALSE(link.silence.was_stopped(link.now + 15s));
  CHECK_FALSE(link.silence.was_stopped(link.now + 16s));
  CHECK(link.silence.was_stopped(link.now + 17s));
  link.silence.pause(true);
  CHECK_FALSE(link.silence.was_stopped(link.now + 17s));
}

TEST_CASE("a new link knows nothing of the one before but that reading is paused") {
  Link link;
  link.call();
  link.silence.want_ping();
  link.silence.pause(true);
  link.now += 1h;
  link.silence.connected(link.now);
  CHECK(link.silence.paused());
  CHECK_FALSE(link.silence.wants_ping());
  CHECK(link.silence.last_heard() == link.now);
  link.silence.pause(false);
  CHECK(link.silence.deadline() == link.now + 65s);
}

TEST_CASE("a ping that is wanted is taken once") {
  Link link;
  CHECK_FALSE(link.silence.take_ping(link.now));
  link.silence.want_ping();
  CHECK(link.silence.take_ping(link.now));
  CHECK_FALSE(link.silence.take_ping(link.now));
}
