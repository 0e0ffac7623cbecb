#include "server/upstream/work_pool.hpp"

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "server/upstream/scheduling.hpp"

namespace server::upstream {
namespace {

namespace asio = boost::asio;

struct Job {
  std::unique_ptr<mtproto::Work> work;
  asio::any_io_executor executor;
  std::function<void(std::unique_ptr<mtproto::Work>)> done;
};

}  // namespace

struct WorkPool::State {
  std::mutex mutex;
  std::condition_variable filled;
  std::deque<Job> jobs;
  bool ending = false;
  std::vector<std::thread> threads;

  void serve() {
    let_others_first();
    for (;;) {
      std::unique_lock lock(mutex);
      filled.wait(lock, [this] { return ending || !jobs.empty(); });
      if (ending) return;
      auto job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      run_job(std::move(job));
    }
  }

  void add(Job job) {
    if (threads.empty()) return run_job(std::move(job));
    {
      std::lock_guard lock(mutex);
      if (ending) return;
      jobs.push_back(std::move(job));
    }
    filled.notify_one();
  }

  static void run_job(Job job) {
    job.work->run();
    if (!job.done) return;
    asio::post(job.executor, [done = std::move(job.done), work = std::move(job.work)]() mutable {
      done(std::move(work));
    });
  }
};

WorkPool::WorkPool(unsigned threads) : state_(std::make_shared<State>()) {
  for (unsigned i = 0; i < threads; ++i) {
    state_->threads.emplace_back([this] { state_->serve(); });
  }
}

WorkPool::~WorkPool() {
  {
    std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->filled.notify_all();
  for (auto& thread : state_->threads) thread.join();
  // What goes with them may ask for the state, which is still there then.
  const auto dropped = std::move(state_->jobs);
}

void WorkPool::run(std::unique_ptr<mtproto::Work> work, asio::any_io_executor executor,
                   std::function<void(std::unique_ptr<mtproto::Work>)> done) {
  // An event loop must not run out of work while some of its own is out here.
  if (done) executor = asio::prefer(executor, asio::execution::outstanding_work.tracked);
  state_->add({std::move(work), std::move(executor), std::move(done)});
}

void WorkPool::add(const std::shared_ptr<State>& state, std::unique_ptr<mtproto::Work> work) {
  if (state) state->add({std::move(work), {}, {}});
}

std::uint64_t WorkPool::waiting() const {
  std::lock_guard lock(state_->mutex);
  return state_->jobs.size();
}

}  // namespace server::upstream
