// What an asynchronous call is given, so that `co_await` has its error as a value: first in a tuple.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace server::upstream {

inline constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace server::upstream
