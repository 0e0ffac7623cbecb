#include "server/store/store_thread.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "server/store/backoff.hpp"

namespace server::store {

struct StoreThread::State {
  State(std::unique_ptr<AccountStore> opened, Open open_again, std::size_t most_jobs)
      : store(std::move(opened)), open(std::move(open_again)), most(most_jobs) {}

  std::mutex mutex;
  std::condition_variable filled;
  std::deque<std::unique_ptr<Job>> jobs;
  bool ending = false;

  // Of the thread alone.
  std::unique_ptr<AccountStore> store;
  Open open;
  Backoff backoff;
  StoreError why{StoreErrc::unavailable, "the store is not open"};

  std::atomic<bool> reachable = store != nullptr;
  std::size_t most;
  std::thread thread;

  // None: it is over.
  std::unique_ptr<Job> next() {
    std::unique_lock lock(mutex);
    filled.wait(lock, [this] { return ending || !jobs.empty(); });
    if (jobs.empty()) return nullptr;
    auto job = std::move(jobs.front());
    jobs.pop_front();
    return job;
  }

  void serve() {
    while (const auto job = next()) {
      open_if_due();
      if (store == nullptr) {
        job->refuse(why);
      } else if (!job->run(*store)) {
        store.reset();
        reachable = false;
        why = {StoreErrc::unavailable, "the store was lost"};
      }
    }
    store.reset();
  }

  void open_if_due() {
    const auto now = std::chrono::steady_clock::now();
    if (store != nullptr || !backoff.may_try(now)) return;
    auto opened = open();
    if (opened) {
      store = std::move(*opened);
      reachable = true;
      backoff.succeeded();
      return;
    }
    backoff.failed(std::chrono::steady_clock::now());
    why = opened.error();
  }
};

StoreThread::StoreThread(std::unique_ptr<AccountStore> store, Open open, std::size_t most)
    : state_(std::make_unique<State>(std::move(store), std::move(open), most)) {
  state_->thread = std::thread([this] { state_->serve(); });
}

StoreThread::~StoreThread() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->filled.notify_one();
  state_->thread.join();
}

bool StoreThread::reachable() const { return state_->reachable; }

void StoreThread::push(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->jobs.size() < state_->most) state_->jobs.push_back(std::move(job));
  }
  if (job != nullptr) {
    return job->refuse({StoreErrc::unavailable, "too much waits for the store already"});
  }
  state_->filled.notify_one();
}

}  // namespace server::store
