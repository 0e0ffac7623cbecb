// The process's one small pool for slow arithmetic (mtproto/work.hpp). Its threads are niced: a
// storm of key exchanges must not slow the connections.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "mtproto/work.hpp"

namespace server::upstream {

class WorkPool {
 public:
  explicit WorkPool(unsigned threads);
  ~WorkPool();  // joins; work not begun is dropped

  // Runs `work`, then calls `done` with it on `executor`.
  void run(std::unique_ptr<mtproto::Work> work, boost::asio::any_io_executor executor,
           std::function<void(std::unique_ptr<mtproto::Work>)> done);
  // Pieces that no thread has begun.
  std::uint64_t waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace server::upstream
