#include "server/store/store_thread.hpp"

#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

#include "server/store/backoff.hpp"
#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

using Names = std::vector<AccountRow>;

auto list_all = [](AccountStore& store) { return store.accounts().list(); };

StoreThread::Open never() {
  return [] { return StoreError{StoreErrc::unavailable, "it is away"}; };
}

// Waits in the thread until it is let go.
struct Gate {
  std::promise<void> entered, open;
  auto work() {
    return [this](AccountStore&) -> StoreResult<int> {
      entered.set_value();
      open.get_future().wait();
      return 1;
    };
  }
};

}  // namespace

TEST_CASE("what is posted is done in order on another thread, and told on one's own") {
  boost::asio::io_context loop;
  const Place place("memory");
  StoreThread thread(place.open(), never());
  const auto here = std::this_thread::get_id();
  std::vector<int> done;
  for (int i = 0; i < 100; ++i) {
    thread.post(
        loop.get_executor(),
        [here, i](AccountStore&) -> StoreResult<int> {
          if (std::this_thread::get_id() == here) return StoreError{};
          return i;
        },
        [&done, here](StoreResult<int> result) {
          CHECK(std::this_thread::get_id() == here);
          REQUIRE(result);
          done.push_back(*result);
        });
  }
  loop.run();
  REQUIRE(done.size() == 100);
  CHECK(std::ranges::is_sorted(done));
}

TEST_CASE("more than may wait is refused at once, and told all the same") {
  boost::asio::io_context loop;
  const Place place("memory");
  StoreThread thread(place.open(), never(), 2);
  Gate gate;
  int done = 0;
  std::vector<std::string> refused;
  thread.post(loop.get_executor(), gate.work(), [&](StoreResult<int>) { ++done; });
  gate.entered.get_future().wait();
  for (int i = 0; i < 5; ++i) {
    thread.post(loop.get_executor(), list_all, [&](StoreResult<Names> result) {
      ++done;
      if (!result) refused.push_back(std::string(name_of(result.error().code)));
    });
  }
  loop.poll();
  CHECK(refused == std::vector<std::string>(3, "StoreUnavailable"));
  gate.open.set_value();
  loop.restart();
  loop.run();
  CHECK(done == 6);
  CHECK(refused.size() == 3);
}

TEST_CASE("what waits when the thread ends is done first") {
  boost::asio::io_context loop;
  const Place place("file");
  Gate gate;
  {
    StoreThread thread(place.open(), never());
    thread.post(loop.get_executor(), gate.work(), [](StoreResult<int>) {});
    thread.post(
        loop.get_executor(),
        [](AccountStore& store) { return store.accounts().add(account("ada"), 1); },
        [](StoreStatus) {});
    gate.open.set_value();
  }
  CHECK(place.open()->accounts().list()->size() == 1);
  loop.run();
}

TEST_CASE("a store that was lost is opened again, and what came in between was refused") {
  boost::asio::io_context loop;
  const Place place("file");
  std::atomic<int> opened = 0;
  StoreThread thread(place.open(), [&]() -> StoreResult<std::unique_ptr<AccountStore>> {
    // Not before the second time.
    if (++opened == 1) return StoreError{StoreErrc::unavailable, "it is away"};
    return place.try_open();
  });
  const auto told = [&](auto work) {
    std::optional<StoreErrc> out;
    thread.post(loop.get_executor(), work, [&](StoreResult<Names> result) {
      if (!result) out = result.error().code;
    });
    loop.restart();
    loop.run();
    return out;
  };
  CHECK_FALSE(told(list_all));
  CHECK(thread.reachable());
  CHECK(told([](AccountStore&) -> StoreResult<Names> {
          return StoreError{StoreErrc::unavailable, "the server went away"};
        }) == StoreErrc::unavailable);
  CHECK(opened == 0);
  CHECK(told(list_all) == StoreErrc::unavailable);
  CHECK_FALSE(thread.reachable());
  CHECK(opened == 1);
  // Within the first wait nobody tries again.
  CHECK(told(list_all) == StoreErrc::unavailable);
  for (int i = 0; i < 1000 && opened < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    told(list_all);
  }
  CHECK(opened == 2);
  CHECK_FALSE(told(list_all));
  CHECK(thread.reachable());
}

TEST_CASE("another failure than a lost store does not open it again") {
  boost::asio::io_context loop;
  const Place place("memory");
  StoreThread thread(place.open(), never());
  std::vector<StoreErrc> told;
  for (int i = 0; i < 2; ++i) {
    thread.post(
        loop.get_executor(), [](AccountStore& store) { return store.accounts().load("nobody"); },
        [&](StoreResult<StoredAccount> result) { told.push_back(result.error().code); });
  }
  loop.run();
  CHECK(told == std::vector<StoreErrc>(2, StoreErrc::no_such_account));
}

TEST_CASE(
    "what failed is tried again soon, then less and less often, and soon again after success") {
  using namespace std::chrono_literals;
  Backoff backoff;
  const Backoff::Time start{1h};
  auto now = start;
  CHECK(backoff.may_try(now));
  std::vector<std::chrono::milliseconds> waits;
  for (int i = 0; i < 9; ++i) {
    backoff.failed(now);
    const auto from = now;
    while (!backoff.may_try(now)) now += 100ms;
    waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now - from));
  }
  CHECK(waits == std::vector<std::chrono::milliseconds>{100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms,
                                                        6400ms, 10s, 10s});
  backoff.succeeded();
  CHECK(backoff.may_try(now));
  backoff.failed(now);
  CHECK(backoff.may_try(now + 100ms));
}
