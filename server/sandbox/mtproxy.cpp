#include "server/sandbox/mtproxy.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <stdexcept>

#include "mtproto/framing/proxy_relay.hpp"
#include "server/logs/logger.hpp"
#include "server/upstream/pump.hpp"
#include "server/upstream/token.hpp"

namespace server::sandbox {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using upstream::token;
constexpr std::size_t most_mtproxy_connections = 5'000;
constexpr auto mtproxy_pause_when_full = std::chrono::milliseconds(100);
// For a client that does not know the secret.
constexpr auto longest_silence = std::chrono::minutes(1);
// fatal, handshake_failure
constexpr std::array<std::uint8_t, 7> alert{0x15, 3, 3, 0, 2, 2, 40};

std::runtime_error cant_listen(std::uint16_t port, error_code why) {
  return std::runtime_error(
      "the sandbox's MTProxy can't listen on 127.0.0.1:" + std::to_string(port) + ": " +
      why.message() + " (--sandbox-port chooses another port)");
}

}  // namespace

struct Mtproxy::Passage {
  Passage(Tcp::socket from, const mtproto::ProxySecret& secret, tl::Random& random)
      : client(std::move(from)), server(client.get_executor()), relay(secret, random) {}

  void close() {
    error_code ignored;
    client.close(ignored);
    server.close(ignored);
  }

  Tcp::socket client;
  Tcp::socket server;
  mtproto::ProxyRelay relay;
  bool connected = false;
};

Mtproxy::Mtproxy(asio::io_context& context, mtproto::ProxySecret secret, tl::Random& random,
                 std::map<std::int32_t, std::uint16_t> ports, std::uint16_t port)
    : context_(context), secret_(std::move(secret)), random_(random), ports_(std::move(ports)) {
  auto& acceptor = acceptor_.emplace(context_);
  const Tcp::endpoint address(asio::ip::address_v4::loopback(), port);
  error_code failed;
  acceptor.open(address.protocol(), failed);
  if (!failed) acceptor.set_option(Tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(address, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) throw cant_listen(port, failed);
  port_ = acceptor.local_endpoint().port();
}

void Mtproxy::start() { asio::co_spawn(context_, accept(), asio::detached); }

asio::awaitable<void> Mtproxy::accept() {
  asio::steady_timer timer(context_);
  while (acceptor_) {
    auto [failed, client] = co_await acceptor_->async_accept(token);
    if (failed == asio::error::operation_aborted) co_return;
    if (!failed && open_ < most_mtproxy_connections) {
      asio::co_spawn(context_, serve(std::move(client)), asio::detached);
      continue;
    }
    timer.expires_after(mtproxy_pause_when_full);
    co_await timer.async_wait(token);
  }
}

asio::awaitable<void> Mtproxy::serve(Tcp::socket client) {
  ++open_;
  error_code ignored;
  client.set_option(Tcp::no_delay(true), ignored);
  const auto passage = std::make_shared<Passage>(std::move(client), secret_, random_);
  co_await forth(passage);
  passage->close();
  --open_;
}

asio::awaitable<void> Mtproxy::forth(std::shared_ptr<Passage> passage) {
  std::array<std::uint8_t, 16'384> buffer;
  while (true) {
    const auto room = asio::buffer(buffer);
    const auto [ended, size] = co_await passage->client.async_read_some(room, token);
    if (ended) co_return;
    tl::Bytes on, answer;
    const auto now = upstream::wall_time();
    const auto bytes = tl::ByteView(buffer).first(size);
    const auto taken = passage->relay.from_client(bytes, now, on, answer);
    if (!taken) {
      logs::debug("sandbox mtproxy refused reason=\"{}\"", taken.error().message());
      co_await turn_away(passage);
      co_return;
    }
    if (!answer.empty()) {
      const auto whole = asio::buffer(answer);
      const auto [failed, written] = co_await asio::async_write(passage->client, whole, token);
      if (failed) co_return;
    }
    if (!passage->connected && passage->relay.wish()) {
      const bool there = co_await connect(passage);
      if (!there) co_return;
    }
    if (on.empty()) continue;
    const auto whole = asio::buffer(on);
    const auto [failed, written] = co_await asio::async_write(passage->server, whole, token);
    if (failed) co_return;
  }
}

asio::awaitable<bool> Mtproxy::connect(std::shared_ptr<Passage> passage) {
  const auto wish = *passage->relay.wish();
  const auto port = ports_.find(wish.dc);
  if (port == ports_.end()) {
    logs::debug("sandbox mtproxy knows no dc={}", wish.dc);
    co_return false;
  }
  const Tcp::endpoint address(asio::ip::address_v4::loopback(), port->second);
  const auto [failed] = co_await passage->server.async_connect(address, token);
  if (failed) co_return false;
  error_code ignored;
  passage->server.set_option(Tcp::no_delay(true), ignored);
  passage->connected = true;
  asio::co_spawn(context_, back(passage), asio::detached);
  co_return true;
}

asio::awaitable<void> Mtproxy::back(std::shared_ptr<Passage> passage) {
  std::array<std::uint8_t, 16'384> buffer;
  while (true) {
    const auto room = asio::buffer(buffer);
    const auto [ended, size] = co_await passage->server.async_read_some(room, token);
    if (ended) break;
    tl::Bytes out;
    passage->relay.from_server(tl::ByteView(buffer).first(size), out);
    const auto whole = asio::buffer(out);
    const auto [failed, written] = co_await asio::async_write(passage->client, whole, token);
    if (failed) break;
  }
  passage->close();
}

// A TLS server would say that it can't go on. Where there is no TLS, silence tells least.
asio::awaitable<void> Mtproxy::turn_away(std::shared_ptr<Passage> passage) {
  if (secret_.tls()) {
    const auto whole = asio::buffer(alert);
    co_await asio::async_write(passage->client, whole, token);
    co_return;
  }
  const auto timer = std::make_shared<asio::steady_timer>(context_, longest_silence);
  auto over = [passage, timer](error_code stopped) {
    if (!stopped) passage->close();
  };
  timer->async_wait(std::move(over));
  std::array<std::uint8_t, 1024> buffer;
  while (true) {
    const auto room = asio::buffer(buffer);
    const auto [ended, size] = co_await passage->client.async_read_some(room, token);
    if (ended) break;
  }
  timer->cancel();
}

}  // namespace server::sandbox
