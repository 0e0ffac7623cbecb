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
  // A thing that several hold; the last who lets go of it has it destroyed there, too.
  template <class Thing>
  std::shared_ptr<const Thing> share(Thing thing) {
    return {new Thing(std::move(thing)), [state = std::weak_ptr(state_)](const Thing* gone) {
              std::unique_ptr<const Thing> remains(gone);
              try {
                using Owner = std::unique_ptr<const Thing>;
                add(state.lock(), std::make_unique<Remains<Owner>>(std::move(remains)));
              } catch (...) {  // no memory: it is gone by now
              }
            }};
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
  // Nothing is done where the pool is gone.
  static void add(const std::shared_ptr<State>&, std::unique_ptr<mtproto::Work>);

  std::shared_ptr<State> state_;
};

}  // namespace server::upstream
