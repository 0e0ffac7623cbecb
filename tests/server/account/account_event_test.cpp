#include "server/account/account_event.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/server/account/scripted_upstream.hpp"

using namespace server::account;

namespace {

struct Nobody final : Caller {
  void on_outcome(std::uint64_t, CallOutcome, mtproto::Time) override {}
};

struct Queue {
  support::Wakes wakes;
  EventQueue events{wakes};
  Nobody one, other;
  std::vector<std::uint64_t> told;

  CallOver over(Caller& caller, std::uint64_t tag) { return {&caller, tag, {}, CallWritten{}}; }
  void push(std::uint64_t tag) { events.push(over(one, tag)); }
  // Those of forgotten calls are left out, as an account does.
  template <class AndThen>
  void drain(AndThen and_then) {
    events.drain([&](AccountEvent&& event) {
      const auto& over = std::get<CallOver>(event);
      if (over.caller == nullptr) return;
      told.push_back(over.tag);
      and_then(over.tag);
    });
  }
  void drain() {
    drain([](std::uint64_t) {});
  }
};

using Tags = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("Events are told in the order in which they came, once", "[account_event]") {
  Queue queue;
  for (const auto tag : {1, 2, 3}) queue.push(tag);
  queue.drain();
  CHECK(queue.events.empty());
  queue.drain();
  CHECK(queue.told == Tags{1, 2, 3});
}

TEST_CASE("What is pushed while events are told is told behind them, in the same turn",
          "[account_event]") {
  Queue queue;
  queue.push(1);
  queue.push(2);
  queue.drain([&](std::uint64_t tag) {
    if (tag < 100) queue.push(tag + 2);
  });
  REQUIRE(queue.told.size() == 101);
  CHECK(std::ranges::is_sorted(queue.told));
  CHECK(queue.events.empty());
}

TEST_CASE("Telling does not begin anew from within", "[account_event]") {
  Queue queue;
  queue.push(1);
  queue.push(2);
  queue.drain([&](std::uint64_t) {
    CHECK(queue.events.draining());
    queue.drain();
  });
  CHECK(queue.told == Tags{1, 2});
  CHECK_FALSE(queue.events.draining());
}

TEST_CASE("A forgotten tag is not told, and the others of its caller are", "[account_event]") {
  Queue queue;
  queue.push(1);
  queue.push(2);
  queue.events.push(queue.over(queue.other, 1));
  queue.events.forget(queue.one, 1);
  queue.drain();
  CHECK(queue.told == Tags{2, 1});
}

TEST_CASE("A forgotten caller hears nothing of what is queued, and others do", "[account_event]") {
  Queue queue;
  queue.push(1);
  queue.events.push(queue.over(queue.other, 3));
  queue.push(2);
  queue.events.forget(queue.one);
  queue.drain();
  CHECK(queue.told == Tags{3});
}

TEST_CASE("A caller can be forgotten while events are told", "[account_event]") {
  Queue queue;
  for (const auto tag : {1, 2, 3}) queue.push(tag);
  queue.drain([&](std::uint64_t) { queue.events.forget(queue.one); });
  CHECK(queue.told == Tags{1});
}

TEST_CASE("Whoever has no turn of its own is woken, but not in the midst of one",
          "[account_event]") {
  Queue queue;
  queue.push(1);
  CHECK(queue.wakes.count == 0);
  queue.events.push_and_wake(queue.over(queue.one, 2));
  CHECK(queue.wakes.count == 1);
  queue.drain([&](std::uint64_t tag) {
    if (tag == 2) queue.events.push_and_wake(queue.over(queue.one, 3));
  });
  CHECK(queue.wakes.count == 1);
  CHECK(queue.told == Tags{1, 2, 3});
}
