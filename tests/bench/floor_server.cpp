// The floor: what one hop of JSON over a socket costs at least. A bare Asio server on one thread
// reads a JSON line, parses and serializes it with Boost.JSON and writes it back.
//
//   floor-server [--gather]      prints its port
//
// With --gather it writes the answers to all lines that it has read in one go.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::ip::tcp;

constexpr auto token = asio::as_tuple(asio::use_awaitable);

std::string answer_to(std::string_view line) {
  std::string answer = json::serialize(json::parse(line));
  answer += '\n';
  return answer;
}

asio::awaitable<void> answer_line_by_line(tcp::socket socket) {
  std::string text;
  for (;;) {
    auto buffer = asio::dynamic_buffer(text);
    const auto [failed, size] = co_await asio::async_read_until(socket, buffer, '\n', token);
    if (failed) co_return;
    const std::string answer = answer_to(std::string_view(text).substr(0, size));
    text.erase(0, size);
    const auto [broken, written] = co_await asio::async_write(socket, asio::buffer(answer), token);
    if (broken) co_return;
  }
}

asio::awaitable<void> answer_all_at_once(tcp::socket socket) {
  std::string text, answers;
  for (;;) {
    auto buffer = asio::dynamic_buffer(text);
    const auto [failed, size] = co_await asio::async_read_until(socket, buffer, '\n', token);
    if (failed) co_return;
    std::size_t begin = 0;
    for (std::size_t end = size; end != 0; end = text.find('\n', begin) + 1) {
      answers += answer_to(std::string_view(text).substr(begin, end - begin));
      begin = end;
    }
    text.erase(0, begin);
    const auto [broken, written] = co_await asio::async_write(socket, asio::buffer(answers), token);
    if (broken) co_return;
    answers.clear();
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, bool gather) {
  for (;;) {
    auto [failed, socket] = co_await acceptor.async_accept(token);
    if (failed) continue;
    socket.set_option(tcp::no_delay(true));
    auto& context = acceptor.get_executor();
    if (gather) {
      asio::co_spawn(context, answer_all_at_once(std::move(socket)), asio::detached);
    } else {
      asio::co_spawn(context, answer_line_by_line(std::move(socket)), asio::detached);
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  const bool gather = count > 1 && std::string_view(arguments[1]) == "--gather";
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  std::cout << acceptor.local_endpoint().port() << std::endl;
  asio::co_spawn(context, accept(acceptor, gather), asio::detached);
  context.run();
}
