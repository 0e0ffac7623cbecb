// The least that anything between a client and a server adds: a bare Asio relay, on one thread.
//
//   relay PORT      prints its own port, and passes bytes on to PORT and back
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <iostream>
#include <memory>
#include <string>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Socket = std::shared_ptr<tcp::socket>;

constexpr auto token = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> pass(Socket from, Socket to) {
  std::array<char, 65536> bytes;
  for (;;) {
    const auto [ended, size] = co_await from->async_read_some(asio::buffer(bytes), token);
    if (ended) break;
    const auto [broken, written] =
        co_await asio::async_write(*to, asio::buffer(bytes, size), token);
    if (broken) break;
  }
  boost::system::error_code ignored;
  to->shutdown(tcp::socket::shutdown_both, ignored);
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, tcp::endpoint server) {
  for (;;) {
    auto [failed, socket] = co_await acceptor.async_accept(token);
    if (failed) continue;
    const auto near = std::make_shared<tcp::socket>(std::move(socket));
    const auto far = std::make_shared<tcp::socket>(acceptor.get_executor());
    const auto [refused] = co_await far->async_connect(server, token);
    if (refused) continue;
    near->set_option(tcp::no_delay(true));
    far->set_option(tcp::no_delay(true));
    asio::co_spawn(acceptor.get_executor(), pass(near, far), asio::detached);
    asio::co_spawn(acceptor.get_executor(), pass(far, near), asio::detached);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const auto port = static_cast<std::uint16_t>(std::stoul(arguments[1]));
  const auto local = asio::ip::address_v4::loopback();
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {local, 0});
  std::cout << acceptor.local_endpoint().port() << std::endl;
  asio::co_spawn(context, accept(acceptor, {local, port}), asio::detached);
  context.run();
}
