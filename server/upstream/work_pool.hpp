// The process's one small pool for slow arithmetic (mtproto/work.hpp). Its threads are niced: a
// storm of key exchanges must not slow the connections.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "mtproto/work.hpp"

namespace server::upstream {

class WorkPool {
 public:
  // Without any thread work is done at once, by whoever brings it: for tests.
  explicit WorkPool(unsigned threads);
  ~WorkPool();  // joins; work not begun is dropped

  // Runs `work`, then calls `done`, if any, with it on `executor`.
  void run(std::unique_ptr<mtproto::Work> work, boost::asio::any_io_executor executor,
           std::function<void(std::unique_ptr<mtproto::Work>)> done);
  // Destroys `thing` on a thread of the pool: the kernel takes milliseconds to get megabytes back.
  template <class Thing>
  void destroy(Thing thing) {
    run(std::make_unique<Remains<Thing>>(std::move(thing)), {}, {});
  }
  // Pieces that no thread has begun.
  std::uint64_t waiting() const;

 private:
  template <class Thing>
  class Remains final : public mtproto::Work {
   public:
    explicit Remains(Thing thing) : thing_(std::move(thing)) {}
    void run() override {}

   private:
    Thing thing_;
  };

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace server::upstream
