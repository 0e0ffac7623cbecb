// The one thread on which a store is used, so that no connection ever waits for a disk or a server.
// Work is posted to it and done in order; what came of it is posted back. Where the store is lost,
// what is posted fails with `unavailable`, at once between two attempts to open it again.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "server/store/account_store.hpp"

namespace server::store {

class StoreThread {
 public:
  using Open = std::function<StoreResult<std::unique_ptr<AccountStore>>()>;

  // So many pieces of work wait at most; what they hold is counted by who posts them.
  static constexpr std::size_t most_waiting = 10'000;

  // `store` may be none: then it is opened when work comes. `open` is called on the thread.
  StoreThread(std::unique_ptr<AccountStore> store, Open open, std::size_t most = most_waiting);
  // Does what was posted, and ends.
  ~StoreThread();

  // From any thread. As far as is known: what was posted last found it, and nothing lost it.
  bool reachable() const;

  // From any thread. `work`: StoreResult<T>(AccountStore&), run once or, without a store, not at
  // all; `done`: void(StoreResult<T>), called once, on `executor`. `unavailable` out of `work` may
  // mean that it was carried out all the same.
  template <class Work, class Done>
  void post(boost::asio::any_io_executor executor, Work work, Done done) {
    // An event loop must not run out of work while some of its own is out here.
    using boost::asio::execution::outstanding_work;
    auto tracked = boost::asio::prefer(std::move(executor), outstanding_work.tracked);
    push(std::make_unique<Call<Work, Done>>(std::move(tracked), std::move(work), std::move(done)));
  }

 private:
  class Job {
   public:
    virtual ~Job() = default;
    // False: the store was lost.
    virtual bool run(AccountStore&) = 0;
    virtual void refuse(const StoreError&) = 0;
  };

  template <class Work, class Done>
  class Call final : public Job {
   public:
    Call(boost::asio::any_io_executor executor, Work work, Done done)
        : executor_(std::move(executor)), work_(std::move(work)), done_(std::move(done)) {}

    bool run(AccountStore& store) override {
      auto result = work_(store);
      const bool lost = !result && result.error().code == StoreErrc::unavailable;
      tell(std::move(result));
      return !lost;
    }
    void refuse(const StoreError& error) override { tell(Result(error)); }

   private:
    using Result = std::invoke_result_t<Work&, AccountStore&>;

    void tell(Result result) {
      boost::asio::post(executor_, [done = std::move(done_), result = std::move(result)]() mutable {
        done(std::move(result));
      });
    }

    boost::asio::any_io_executor executor_;
    Work work_;
    Done done_;
  };

  struct State;

  void push(std::unique_ptr<Job>);

  std::unique_ptr<State> state_;
};

}  // namespace server::store
