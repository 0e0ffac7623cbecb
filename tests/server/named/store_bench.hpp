// A store in memory for what lives on a loop that a test runs by hand.
#pragma once

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/store/store_thread.hpp"
#include "tests/support/print_result.hpp"

template <>
struct Catch::StringMaker<server::store::StoreError> {
  static std::string convert(const server::store::StoreError& error) {
    return std::string(name_of(error.code)) + ": " + error.text;
  }
};

namespace named_test {

namespace store = server::store;

inline std::unique_ptr<store::AccountStore> open_store() {
  const auto url = store::read_store_url("sqlite::memory:");
  auto out = store::AccountStore::open(*url, *store::find_key_file(*url, "", ""));
  REQUIRE(out);
  return std::move(*out);
}

inline store::StoredAccount stored(std::string name, std::uint8_t seed = 7) {
  store::StoredAccount out;
  out.name = std::move(name);
  out.dc = 2;
  out.user_id = 7;
  out.auth_key = mtproto::SecretBytes(256);
  for (auto& byte : out.auth_key.bytes()) byte = seed++;
  return out;
}

class StoreBench {
 public:
  boost::asio::io_context& loop;

  explicit StoreBench(boost::asio::io_context& of) : loop(of), thread_(open_store(), reopen()) {}
  ~StoreBench() { let_go(); }

  store::StoreThread& thread() { return thread_; }

  // In the store, behind all that was posted before. Gives what `work` gives.
  template <class Work>
  auto in_store(Work work) {
    using Result = std::invoke_result_t<Work&, store::AccountStore&>;
    std::optional<Result> out;
    thread_.post(loop.get_executor(), std::move(work), [&](Result result) { out = result; });
    loop.restart();
    while (!out) loop.run_one();
    return *out;
  }
  // All that was posted is done and told, and what that led to.
  void settle() {
    for (int i = 0; i < 6; ++i) {
      in_store([](store::AccountStore&) -> store::StoreResult<int> { return 0; });
      loop.restart();
      loop.poll();
    }
  }
  // What is posted from here on waits; what was posted before is done, and not told yet.
  void hold() {
    gate_.emplace();
    std::promise<void> began;
    auto begun = began.get_future();
    auto work = [opened = gate_->get_future().share(), began = std::move(began)](
                    store::AccountStore&) mutable -> store::StoreResult<int> {
      began.set_value();
      opened.wait();
      return 0;
    };
    thread_.post(loop.get_executor(), std::move(work), [](store::StoreResult<int>) {});
    begun.wait();
  }
  // What is posted from here on is refused, until it lets go.
  void fill() {
    hold();
    for (std::size_t i = 0; i < store::StoreThread::most_waiting; ++i) {
      thread_.post(
          loop.get_executor(), [](store::AccountStore&) -> store::StoreResult<int> { return 0; },
          [](store::StoreResult<int>) {});
    }
  }
  void let_go() {
    if (gate_) gate_->set_value();
    gate_.reset();
  }
  // The next piece of work loses the store, which can't be opened for a moment.
  void lose() {
    thread_.post(
        loop.get_executor(),
        [](store::AccountStore&) -> store::StoreResult<int> {
          return store::StoreError{store::StoreErrc::unavailable, "it went away"};
        },
        [](store::StoreResult<int>) {});
  }

 private:
  static store::StoreThread::Open reopen() {
    return [] { return store::StoreError{store::StoreErrc::unavailable, "it is away"}; };
  }

  std::optional<std::promise<void>> gate_;
  store::StoreThread thread_;
};

}  // namespace named_test
