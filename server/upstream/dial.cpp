#include "server/upstream/dial.hpp"

#include <netinet/tcp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <optional>

namespace server::upstream {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto token = asio::as_tuple(asio::use_awaitable);

std::string shown(const tcp::endpoint& at) {
  const auto host = at.address().to_string();
  const auto port = std::to_string(at.port());
  return at.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

// What was written and not acknowledged for so long is a dead link, whatever the retransmissions
// still hope for.
void set_options(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
  socket.set_option(UserTimeout(30'000), ignored);
}

// What is being waited for, so that the timer or stop() can end it.
struct Attempt {
  explicit Attempt(const asio::any_io_executor& executor)
      : resolver(executor), socket(executor), timer(executor) {}
  tcp::resolver resolver;
  tcp::socket socket;
  asio::steady_timer timer;
  bool late = false;

  void cancel() {
    late = true;
    resolver.cancel();
    error_code ignored;
    socket.close(ignored);
  }
};

}  // namespace

void DialStop::stop() {
  stopped_ = true;
  if (cancel_) cancel_();
}

asio::awaitable<Dialled> dial(std::vector<Address> addresses, std::chrono::milliseconds timeout,
                              std::shared_ptr<DialStop> stop) {
  const auto executor = co_await asio::this_coro::executor;
  const auto attempt = std::make_shared<Attempt>(executor);
  Dialled out{tcp::socket(executor), asio::error::host_not_found, {}};
  stop->cancel_ = [attempt] { attempt->cancel(); };
  attempt->timer.expires_after(timeout);
  auto on_time = [attempt](error_code cancelled) {
    if (!cancelled) attempt->cancel();
  };
  attempt->timer.async_wait(on_time);

  for (std::size_t i = 0; i < addresses.size() && !attempt->late && !stop->stopped_; ++i) {
    const auto& address = addresses[i];
    const auto port = std::to_string(address.port);
    out.where = address.host + ":" + port;
    const auto flags = tcp::resolver::numeric_service;
    auto [failed, found] =
        co_await attempt->resolver.async_resolve(address.host, port, flags, token);
    out.why = failed;
    if (failed) continue;
    for (const auto& entry : found) {
      if (attempt->late) break;
      const auto endpoint = entry.endpoint();
      out.where = shown(endpoint);
      attempt->socket = tcp::socket(executor);
      const auto [refused] = co_await attempt->socket.async_connect(endpoint, token);
      out.why = refused;
      if (!refused) break;
    }
    if (!out.why && attempt->socket.is_open()) break;
  }
  attempt->timer.cancel();
  stop->cancel_ = nullptr;
  if (attempt->late) {
    out.why = asio::error::timed_out;
  } else if (!out.why) {
    set_options(attempt->socket);
    out.socket = std::move(attempt->socket);
  }
  co_return out;
}

}  // namespace server::upstream
