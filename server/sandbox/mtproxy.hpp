// The sandbox's MTProxy: one more port, which takes a client by the secret and relays it to the
// data centre that the client names. To the data centres it is a client like any other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "mtproto/framing/proxy_secret.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

class Mtproxy {
 public:
  // `ports` says where each data centre listens. Throws std::runtime_error with a sentence where
  // the port can't be had. Port 0: any free one.
  Mtproxy(boost::asio::io_context& context, mtproto::ProxySecret secret, tl::Random& random,
          std::map<std::int32_t, std::uint16_t> ports, std::uint16_t port);

  std::uint16_t port() const { return port_; }
  void start();
  // Once the thread is gone, and before the context goes.
  void shut() { acceptor_.reset(); }

 private:
  using Tcp = boost::asio::ip::tcp;
  struct Passage;

  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> serve(Tcp::socket client);
  boost::asio::awaitable<void> forth(std::shared_ptr<Passage> passage);
  boost::asio::awaitable<void> back(std::shared_ptr<Passage> passage);
  boost::asio::awaitable<bool> connect(std::shared_ptr<Passage> passage);
  boost::asio::awaitable<void> turn_away(std::shared_ptr<Passage> passage);

  boost::asio::io_context& context_;
  const mtproto::ProxySecret secret_;
  tl::Random& random_;
  const std::map<std::int32_t, std::uint16_t> ports_;
  std::optional<Tcp::acceptor> acceptor_;
  std::uint16_t port_ = 0;
  std::size_t open_ = 0;
};

}  // namespace server::sandbox
