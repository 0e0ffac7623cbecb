// A connection without a client's socket, a small scheme, and a data centre on loopback.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "server/account/accounts.hpp"
#include "server/channel/object_text.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/make_connection.hpp"
#include "tests/server/connection/recording_sink.hpp"
#include "tests/server/two_layers.hpp"
#include "tests/support/test_telegram.hpp"

namespace support {

class World {
 public:
  boost::asio::io_context context{1};  // outlives the pools that post to it

  explicit World(TestTelegram::Handler handler, server::Options options = {})
      : schemes_(two_layers()),
        telegram(context, pool_, schemes_->first().schema, std::move(handler)),
        gateway(std::move(options), schemes_,
                std::make_shared<const server::upstream::Telegram>(telegram.telegram()), {}, 1),
        counters(gateway.metrics.add_thread()),
        accounts(
            server::account_services(gateway, random_, context.get_executor(), counters, nullptr)),
        thread{gateway, random_, context.get_executor(), counters, accounts},
        mail(std::make_unique<RecordingSink>()),
        connection(connect(*mail)) {}
  ~World() {
    connection->close();
    telegram.close();
    context.run_for(std::chrono::milliseconds(50));
  }

  std::shared_ptr<server::Connection> connect(RecordingSink& to) {
    return server::make_connection(thread, to, server::ConnectionSetup{});
  }

  void send(std::string_view json) { send(*connection, json); }
  void send(server::Connection& to, std::string_view json) {
    server::channel::ObjectText text(gateway.memory, 0);
    if (!text.add(json)) return to.refuse("-2", server::busy(gateway.memory.limit(), "no room"));
    auto object = text.finish(false);
    if (const auto* none = std::get_if<server::channel::NoObject>(&object)) {
      return to.refuse(none->id, none->failure);
    }
    to.receive(std::get<server::Incoming>(std::move(object)), server::upstream::boot_time());
  }

  // Lets things happen until `enough`, or for ten seconds.
  template <class Enough>
  bool until(Enough enough) {
    for (int i = 0; i < 2000 && !enough(); ++i) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
      const auto now = server::upstream::boot_time();
      if (const auto due = connection->deadline(); due && *due <= now) connection->tick(now);
    }
    return enough();
  }
  // The n-th object that the client read, "" where it never comes.
  std::string object(std::size_t n) {
    until([&] { return mail->objects.size() > n; });
    return mail->objects.size() > n ? mail->objects[n] : "";
  }
  // Sends, and gives the next object.
  std::string ask(std::string_view json) {
    const auto n = mail->objects.size();
    send(json);
    return object(n);
  }
  bool asked(std::size_t n) {
    return until([&] { return telegram.asked.size() >= n; });
  }

 private:
  std::shared_ptr<const server::Schemes> schemes_;
  server::upstream::WorkPool pool_{1};
  ScriptedRandom random_{3};

 public:
  TestTelegram telegram;
  server::Gateway gateway;
  server::Counters& counters;
  server::account::Accounts accounts;
  server::ThreadState thread;
  std::unique_ptr<RecordingSink> mail;
  std::shared_ptr<server::Connection> connection;
};

inline std::string nearest(const tl::Value&) {
  return R"({"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2})";
}

}  // namespace support
