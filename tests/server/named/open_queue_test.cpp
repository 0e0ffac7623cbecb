#include "server/named/open_queue.hpp"

#include "tests/server/named/store_bench.hpp"

using server::named::OpenQueue;

namespace {

using Names = std::vector<std::string>;

struct Bench {
  boost::asio::io_context loop{1};
  named_test::StoreBench store{loop};
  Names opened;
  OpenQueue queue{store.thread(), loop.get_executor(),
                  [this](const std::string& name) { opened.push_back(name); }};

  void turn() {
    loop.restart();
    loop.poll();
  }
};

}  // namespace

TEST_CASE("names to open go a batch at a time, in order, once the store has answered") {
  Bench it;
  Names names;
  for (std::size_t i = 0; i < 2 * OpenQueue::batch + 1; ++i) names.push_back(std::to_string(i));
  it.store.hold();
  it.queue.add(names);
  it.turn();
  CHECK(it.opened.size() == OpenQueue::batch);
  it.store.let_go();
  it.store.settle();
  CHECK(it.opened == names);
}

TEST_CASE("while the store refuses what it is asked, no more names are opened") {
  Bench it;
  it.store.fill();
  it.queue.add(Names(OpenQueue::batch + 1, "ada"));
  it.turn();
  it.store.let_go();
  it.store.settle();
  CHECK(it.opened.size() == OpenQueue::batch);
}

TEST_CASE("a name whose account the store could not load is not opened again at once") {
  Bench it;
  it.queue.add_again("ada");
  it.store.settle();
  CHECK(it.opened.empty());
}

TEST_CASE("a queue that is closed opens nothing that waited for the store") {
  Bench it;
  it.store.hold();
  it.queue.add(Names(OpenQueue::batch + 1, "ada"));
  it.queue.close();
  it.store.let_go();
  it.store.settle();
  CHECK(it.opened.size() == OpenQueue::batch);
}
