// A data centre for tests: real sockets on loopback, mtproto::Host, and answers that a test gives
// as JSON. One thread's; key exchanges run on the pool.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <list>
#include <memory>
#include <memory_resource>
#include <string>
#include <vector>

#include "mtproto/host/host.hpp"
#include "server/upstream/pump.hpp"
#include "server/upstream/telegram.hpp"
#include "tests/support/rsa_keys.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace support {

class TestTelegram {
 public:
  struct Asked {
    std::string whole;   // as it came, wrappers and all, as JSON
    std::string method;  // the innermost
    mtproto::SessionAddress from;
    mtproto::MessageId message;
  };
  // The answer as JSON; empty: none (yet).
  using Handler = std::function<std::string(const tl::Value& query)>;

  TestTelegram(boost::asio::io_context& context, server::upstream::WorkPool& pool,
               std::shared_ptr<const tl::Schema> schema, Handler handler)
      : context_(context),
        pool_(pool),
        schema_(std::move(schema)),
        handler_(std::move(handler)),
        acceptor_(context, {boost::asio::ip::address_v4::loopback(), 0}) {
    listen();
  }
  ~TestTelegram() {
    acceptor_.close();
    close_clients();
  }

  server::upstream::Telegram telegram() const {
    server::upstream::Telegram out;
    out.kind = server::upstream::Telegram::Kind::sandbox;
    out.data_centres[2] = {{"127.0.0.1", port()}};
    out.keys = {test_key().public_key()};
    out.free_api_id = 1;
    out.free_api_hash = "x";
    return out;
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  std::vector<Asked> asked;
  std::size_t accepted = 0;
  std::size_t dropped = 0;  // calls that their client said it no longer waits for

  void answer(const Asked& to, std::string_view json) {
    const auto bytes = encoded(json);
    for (auto& client : clients_) {
      if (client->host.answer(to.from, to.message, bytes, server::upstream::boot_time())) {
        client->pump->wake();
        return;
      }
    }
  }
  void push(const Asked& to, std::string_view json) {
    const auto bytes = encoded(json);
    for (auto& client : clients_) {
      if (client->host.push(to.from, bytes, server::upstream::boot_time())) client->pump->wake();
    }
  }
  void close_clients() {
    for (auto& client : clients_) client->pump->close();
  }
  // Nobody answers the door any more.
  void close() {
    acceptor_.close();
    close_clients();
  }

 private:
  struct Client {
    Client(TestTelegram& owner, boost::asio::ip::tcp::socket socket)
        : host({{test_key()}, 2}, owner.ring_, owner.random_),
          machine(host, [this, &owner](mtproto::Time) { owner.look(*this); }),
          pump(std::make_shared<server::upstream::Pump>(std::move(socket), machine, owner.pool_)) {}
    mtproto::Host host;
    server::upstream::MachineOf<mtproto::Host> machine;
    std::shared_ptr<server::upstream::Pump> pump;
  };

  void listen() {
    acceptor_.async_accept(
        [this](boost::system::error_code failed, boost::asio::ip::tcp::socket socket) {
          if (failed) return;
          ++accepted;
          auto client = std::make_shared<Client>(*this, std::move(socket));
          clients_.push_back(client);
          client->host.connect(server::upstream::boot_time(), server::upstream::wall_time());
          boost::asio::co_spawn(context_, serve(client), boost::asio::detached);
          listen();
        });
  }

  boost::asio::awaitable<void> serve(std::shared_ptr<Client> client) {
    co_await client->pump->run();
    clients_.remove(client);
  }

  void look(Client& client) {
    for (auto& event : client.host.take_events()) {
      if (std::get_if<mtproto::HostFailed>(&event) != nullptr) client.pump->close();
      if (const auto* request = std::get_if<mtproto::Request>(&event)) take(*request);
      if (std::get_if<mtproto::AnswerDropped>(&event) != nullptr) ++dropped;
    }
  }

  void take(const mtproto::Request& request) {
    std::pmr::monotonic_buffer_resource arena;
    const auto value = tl::decode_value(*schema_, tl::any_object, request.body, arena, true);
    Asked asked_now;
    asked_now.from = request.from;
    asked_now.message = request.message;
    if (!value) {
      asked_now.method = "?";
      asked.push_back(asked_now);
      return;
    }
    tl::write_json(*value, asked_now.whole);
    auto inner = *value;
    while (inner.find("query") != nullptr) inner = inner["query"];
    asked_now.method = inner.constructor();
    asked.push_back(asked_now);
    const auto json = handler_(inner);
    if (!json.empty()) answer(asked_now, json);
  }

  tl::Bytes encoded(std::string_view json) {
    std::pmr::monotonic_buffer_resource arena;
    tl::Bytes bytes;
    const auto value = tl::read_json(json, arena);
    if (!value || !tl::encode(*schema_, *value, {}, bytes)) {
      throw std::runtime_error("the test's answer does not fit its scheme: " + std::string(json));
    }
    return bytes;
  }

  boost::asio::io_context& context_;
  server::upstream::WorkPool& pool_;
  std::shared_ptr<const tl::Schema> schema_;
  Handler handler_;
  ScriptedRandom random_{7};
  mtproto::KeyRing ring_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::list<std::shared_ptr<Client>> clients_;
};

}  // namespace support
