#include "server/upstream/work_pool.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <thread>

using server::upstream::WorkPool;

namespace {

// Tells where it was destroyed.
class Witness {
 public:
  explicit Witness(std::thread::id& where) : where_(&where) {}
  ~Witness() {
    if (where_ != nullptr) *where_ = std::this_thread::get_id();
  }
  Witness(Witness&& other) noexcept : where_(std::exchange(other.where_, nullptr)) {}
  Witness& operator=(Witness&&) = delete;

 private:
  std::thread::id* where_;
};

class Nothing final : public mtproto::Work {
 public:
  void run() override {}
};

}  // namespace

TEST_CASE("What is given to the pool to be destroyed is destroyed in a thread of the pool") {
  std::thread::id where;
  boost::asio::io_context context;
  WorkPool pool(1);
  pool.destroy(Witness(where));
  // One thread works in order.
  pool.run(std::make_unique<Nothing>(), context.get_executor(),
           [](std::unique_ptr<mtproto::Work>) {});
  context.run();
  CHECK(where != std::thread::id());
  CHECK(where != std::this_thread::get_id());
}

TEST_CASE(
    "What several hold is destroyed by the pool once the last lets go, and without one at once") {
  std::thread::id where;
  boost::asio::io_context context;
  std::shared_ptr<const Witness> outlives;
  {
    WorkPool pool(1);
    auto first = pool.share(Witness(where));
    auto second = first;
    first.reset();
    CHECK(where == std::thread::id());
    second.reset();
    pool.run(std::make_unique<Nothing>(), context.get_executor(),
             [](std::unique_ptr<mtproto::Work>) {});
    context.run();
    CHECK(where != std::thread::id());
    CHECK(where != std::this_thread::get_id());
    outlives = pool.share(Witness(where));
  }
  outlives.reset();
  CHECK(where == std::this_thread::get_id());
}

TEST_CASE("What is shared by work that the pool drops is destroyed with it") {
  struct Holder final : mtproto::Work {
    void run() override {}
    std::shared_ptr<const Witness> held;
  };
  std::thread::id where;
  boost::asio::io_context context;
  {
    WorkPool pool(1);
    for (int i = 0; i < 100; ++i) {
      auto holder = std::make_unique<Holder>();
      if (i == 99) holder->held = pool.share(Witness(where));
      pool.run(std::move(holder), {}, {});
    }
  }
  CHECK(where != std::thread::id());
}
