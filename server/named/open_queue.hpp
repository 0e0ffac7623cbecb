// Accounts that are to be opened though nobody asks for them: a few at a time, as the store's queue
// refuses what is too much for it. Those that it could not load come again, as nobody else asks for
// them.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/store/store_thread.hpp"

namespace server::named {

class OpenQueue {
 public:
  // So many are opened before the store has answered; the next ones behind that.
  static constexpr std::size_t batch = 100;
  static constexpr std::chrono::seconds again_after{1};  // where the store is away

  using Open = std::function<void(const std::string& name)>;

  // The store outlives it; so does `executor`, on which it lives.
  OpenQueue(store::StoreThread& store, boost::asio::any_io_executor executor, Open open)
      : store_(store), executor_(std::move(executor)), open_(std::move(open)) {}

  void add(const std::vector<std::string>& names);
  // The store could not load it.
  void add_again(std::string name);
  void close();

 private:
  void open_batch();
  void ask_store();
  void pause();

  store::StoreThread& store_;
  const boost::asio::any_io_executor executor_;
  const Open open_;
  std::deque<std::string> names_;
  std::unique_ptr<boost::asio::steady_timer> pause_;
  bool asking_ = false;   // the store is asked, or will be after the pause
  bool refused_ = false;  // it could not load one since it was asked
  bool closed_ = false;
};

}  // namespace server::named
