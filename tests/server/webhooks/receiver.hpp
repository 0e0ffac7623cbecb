// Who is called, on loopback: takes connections, reads a request each, answers with a script.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <vector>

#include "server/upstream/token.hpp"

namespace webhook_test {

namespace asio = boost::asio;
using asio::ip::tcp;
using server::upstream::token;

class Receiver {
 public:
  // Each connection gets `answer`. With a context, in TLS.
  Receiver(asio::io_context& context, std::string answer, SSL_CTX* tls = nullptr)
      : acceptor_(context, {asio::ip::address_v4::loopback(), 0}), answer_(std::move(answer)) {
    if (tls != nullptr) {
      SSL_CTX_up_ref(tls);
      tls_.emplace(tls);
    }
    asio::co_spawn(context, accept(), asio::detached);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(const std::string& host = "127.0.0.1") const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port()) + "/hook?x=1";
  }
  void close() { acceptor_.close(); }

  std::vector<std::string> requests;  // head and body
  int connections = 0;
  bool ended = false;   // a client has closed
  bool early = false;   // answers before it reads the body
  bool silent = false;  // never answers

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      auto [failed, socket] = co_await acceptor_.async_accept(token);
      if (failed) co_return;
      ++connections;
      asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
    }
  }
  asio::awaitable<void> serve(tcp::socket socket) {
    if (!tls_) {
      co_await serve_on(socket);
      co_return;
    }
    asio::ssl::stream<tcp::socket&> stream(socket, *tls_);
    const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    if (!failed) co_await serve_on(stream);
  }
  template <class Stream>
  asio::awaitable<void> serve_on(Stream& stream) {
    std::string text;
    auto into = asio::dynamic_buffer(text);
    const auto [failed, head] = co_await asio::async_read_until(stream, into, "\r\n\r\n", token);
    if (failed) co_return;
    const auto at = text.find("Content-Length: ");
    if (!early && at != text.npos) {
      const auto whole = head + std::stoul(text.substr(at + 16));
      if (text.size() < whole) {
        const auto left = asio::transfer_exactly(whole - text.size());
        co_await asio::async_read(stream, into, left, token);
      }
    }
    requests.push_back(text);
    const auto out = asio::buffer(answer_);
    if (!silent) co_await asio::async_write(stream, out, token);
    if (early) co_return;
    char more = 0;
    const auto rest = asio::buffer(&more, 1);
    co_await stream.async_read_some(rest, token);
    ended = true;
  }

  tcp::acceptor acceptor_;
  std::string answer_;
  std::optional<asio::ssl::context> tls_;
};

}  // namespace webhook_test
