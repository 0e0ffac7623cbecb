// Work of a store, for who awaits what came of it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>
#include <utility>

#include "server/store/store_thread.hpp"

namespace server::webhooks {

// `work`: StoreResult<T>(AccountStore&), run on the store's thread.
template <class Work>
auto in_store(store::StoreThread& thread, boost::asio::any_io_executor executor, Work work) {
  using Result = std::invoke_result_t<Work&, store::AccountStore&>;
  auto begin = [&thread, executor = std::move(executor)](auto handler, Work what) {
    auto done = [handler = std::move(handler)](Result result) mutable {
      std::move(handler)(std::move(result));
    };
    thread.post(executor, std::move(what), std::move(done));
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result)>(
      std::move(begin), boost::asio::use_awaitable, std::move(work));
}

}  // namespace server::webhooks
