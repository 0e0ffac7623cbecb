// The deadlines of many pumps, on one timer, and whom a pump holds.
#include "server/upstream/running_pumps.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <catch2/catch.hpp>
#include <chrono>

#include "server/upstream/pump.hpp"

using namespace server::upstream;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

namespace {

// Owns its pump, as a connection does, and says when its time came.
struct Sleeper final : Machine {
  Sleeper(asio::io_context& context, WorkPool& pool, std::vector<int>& ticked_in, int number_in)
      : peer(context), ticked(ticked_in), number(number_in) {
    Local::socket ours(context);
    asio::local::connect_pair(ours, peer);
    pump = std::make_shared<Pump>(std::move(ours), *this, pool);
  }

  void receive(tl::ByteView, mtproto::Time) override {}
  void tick(mtproto::Time) override {
    due.reset();
    ticked.push_back(number);
  }
  std::optional<mtproto::Time> deadline() const override { return due; }
  tl::ByteView output() override { return {}; }
  void written() override {}
  void on_step(mtproto::Time) override {}
  void on_over(const boost::system::error_code&) override { over = true; }

  Local::socket peer;
  std::vector<int>& ticked;
  int number;
  std::optional<mtproto::Time> due;
  std::shared_ptr<Pump> pump;
  bool over = false;
};

struct Dormitory {
  asio::io_context context{1};
  WorkPool pool{0};
  std::vector<int> ticked;

  std::shared_ptr<Sleeper> add(int number, std::optional<mtproto::Duration> sleeps = {}) {
    auto sleeper = std::make_shared<Sleeper>(context, pool, ticked, number);
    if (sleeps) sleeper->due = boot_time() + *sleeps;
    sleeper->pump->start(sleeper);
    return sleeper;
  }
  template <class Enough>
  bool until(Enough enough) {
    for (int i = 0; i < 1000 && !enough(); ++i) context.run_one_for(5ms);
    return enough();
  }
};

}  // namespace

TEST_CASE("Pumps tick in the order of their deadlines, not of their beginning") {
  Dormitory all;
  std::vector<std::shared_ptr<Sleeper>> sleepers;
  for (const int number : {5, 2, 7, 0, 3, 6, 1, 4}) {
    sleepers.push_back(all.add(number, std::chrono::milliseconds(5 + 5 * number)));
  }
  CHECK(all.until([&] { return all.ticked.size() == sleepers.size(); }));
  CHECK(std::ranges::is_sorted(all.ticked));
  for (const auto& sleeper : sleepers) sleeper->pump->close();
}

TEST_CASE("A pump that ends takes its deadline along, and nobody else's") {
  Dormitory all;
  const std::array sleepers{all.add(0, 5ms), all.add(1, 10ms), all.add(2, 15ms), all.add(3)};
  sleepers[0]->pump->close();
  sleepers[1]->pump->close();
  CHECK(all.until([&] { return all.ticked.size() == 1; }));
  CHECK(all.ticked == std::vector{2});
}

TEST_CASE("Whoever a pump drives is held until it is over, and told so") {
  Dormitory all;
  auto sleeper = all.add(0, 1h);
  const std::weak_ptr<Sleeper> held = sleeper;
  const auto pump = sleeper->pump;
  sleeper.reset();
  all.context.poll();
  CHECK(!held.expired());
  pump->close();
  CHECK(!held.lock()->over);
  CHECK(all.until([&] { return held.expired(); }));
}

// Its machine may be gone by then.
TEST_CASE("Whoever waits in run() for a pump's end is told by that alone") {
  Dormitory all;
  const auto sleeper = std::make_shared<Sleeper>(all.context, all.pool, all.ticked, 0);
  bool returned = false;
  asio::co_spawn(all.context, sleeper->pump->run(),
                 [&](const std::exception_ptr&, boost::system::error_code) { returned = true; });
  all.context.poll();
  sleeper->pump->close();
  CHECK(all.until([&] { return returned; }));
  all.context.restart();
  all.context.poll();
  CHECK_FALSE(sleeper->over);
}

TEST_CASE("A pump that was closed before it is started ends all the same") {
  Dormitory all;
  const auto sleeper = std::make_shared<Sleeper>(all.context, all.pool, all.ticked, 0);
  sleeper->pump->close();
  sleeper->pump->start(sleeper);
  CHECK(all.until([&] { return sleeper->over; }));
}

TEST_CASE("Where no pump is left no deadline keeps the loop") {
  Dormitory all;
  const auto sleeper = all.add(0, 1h);
  all.context.poll();
  sleeper->pump->close();
  all.context.run_for(5s);
  CHECK(sleeper->over);
  CHECK(all.context.stopped());
}

TEST_CASE("What runs goes with its loop") {
  std::weak_ptr<Sleeper> held;
  {
    Dormitory all;
    held = all.add(0, 1h);
    all.context.poll();
  }
  CHECK(held.expired());
}
