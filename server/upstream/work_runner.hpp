// Where a thread's slow work goes, and how it comes back: the process's pool and the thread's loop.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "server/upstream/work_pool.hpp"

namespace server::upstream {

struct WorkRunner {
  WorkPool& pool;
  boost::asio::any_io_executor executor;

  // Runs `work` on the pool, then calls `done` with it in the thread.
  void run(std::unique_ptr<mtproto::Work> work,
           std::function<void(std::unique_ptr<mtproto::Work>)> done) const {
    pool.run(std::move(work), executor, std::move(done));
  }
};

}  // namespace server::upstream
