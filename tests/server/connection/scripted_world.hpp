// A connection without any socket: a client's objects on one side, a scripted Telegram on the
// other, and a loop that is polled, never waited for. Work for the pool is done at once and comes
// back when the loop is polled.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "server/account/accounts.hpp"
#include "server/channel/object_text.hpp"
#include "server/connection/connection.hpp"
#include "tests/server/connection/recording_sink.hpp"
#include "tests/server/connection/scripted_telegram.hpp"
#include "tests/support/scripted_random.hpp"

namespace support {

// What the process was started with.
struct Terms {
  std::chrono::milliseconds rpc_timeout{10'000};
  std::size_t max_memory = std::size_t{1} << 30;
  bool send_tracebacks = false;
};

// What all clients of a thread have in common.
class ScriptedThread {
 public:
  const std::shared_ptr<const server::Schemes> schemes = connection_schemes();
  server::MemoryMeter memory;  // outlives what waits in the loop
  server::Counters counters;
  ScriptedRandom random{3};
  boost::asio::io_context context{1};

 private:
  server::LiveSessions live_;
  server::upstream::WorkPool pool_{0};

 public:
  ScriptedTelegram telegram;
  const std::shared_ptr<const server::upstream::Telegram> place = ScriptedTelegram::telegram();
  server::account::Accounts accounts;
  const server::AllowedServers allowed{};

  explicit ScriptedThread(ScriptedTelegram::Handler handler, const Terms& terms = {})
      : memory(terms.max_memory),
        telegram(context.get_executor(), schemes->first().schema, std::move(handler)),
        accounts(account_services()),
        terms_(terms),
        services_{accounts,
                  memory,
                  counters,
                  random,
                  {pool_, context.get_executor()},
                  terms.rpc_timeout,
                  terms.send_tracebacks,
                  false} {}

  const server::upstream::WorkRunner& runner() const { return services_.runner; }
  const server::ConnectionServices& services() const { return services_; }
  // `stateless`: of a client that shares accounts and hears no updates.
  server::AttributeLimits limits(bool stateless = false) const {
    return {schemes, place, allowed, mtproto::DcId(2), stateless};
  }
  server::ConnectionOptions options(bool stateless = false) const {
    server::ConnectionOptions out;
    out.layer = schemes->first().layer;
    if (stateless) out.updates = server::Updates::none;
    return out;
  }
  server::ServerChoice server() const {
    server::ServerChoice out;
    out.telegram = place;
    out.dc = mtproto::DcId(2);
    return out;
  }

  // All that can happen without anybody's doing happens.
  void turn() {
    context.restart();
    context.poll();
  }

 private:
  server::account::AccountServices account_services() {
    server::account::AccountServices out{
        context.get_executor(), random, pool_, live_, memory, &counters};
    out.make_upstream = telegram.maker();
    return out;
  }

  const Terms terms_;
  const server::ConnectionServices services_;
};

// An object that a client sent; or why it is none.
inline std::variant<server::Incoming, server::channel::NoObject> read_object(
    server::MemoryMeter& meter, std::string_view json) {
  server::channel::ObjectText text(meter, 0);
  if (!text.add(json)) return server::channel::NoObject{"-2", server::busy(meter.limit(), "full")};
  return text.finish(false);
}

class ScriptedWorld : public ScriptedThread {
 public:
  RecordingSink mail;
  std::shared_ptr<server::Connection> connection;

  explicit ScriptedWorld(ScriptedTelegram::Handler handler, const Terms& terms = {})
      : ScriptedThread(std::move(handler), terms), connection(connect(mail)) {}
  ~ScriptedWorld() {
    connection->close();
    turn();
  }

  std::shared_ptr<server::Connection> connect(server::ObjectSink& to, bool stateless = false) {
    return std::make_shared<server::Connection>(services(), limits(stateless), options(stateless),
                                                server(), to, 1);
  }

  // Time goes on when a test says so.
  mtproto::Time now() const { return server::upstream::boot_time() + passed_; }
  void pass(mtproto::Duration time) {
    passed_ += time;
    connection->tick(now());
    turn();
  }
  // Until something is to be done; none: for ever.
  std::optional<mtproto::Duration> due_in() const {
    const auto due = connection->deadline();
    if (!due) return {};
    return *due - now();
  }

  // Without what comes of it later: see turn().
  void put(server::Connection& to, std::string_view json) {
    auto object = read_object(memory, json);
    if (const auto* none = std::get_if<server::channel::NoObject>(&object)) {
      return to.refuse(none->id, none->failure);
    }
    to.receive(std::get<server::Incoming>(std::move(object)), now());
  }
  void put(std::string_view json) { put(*connection, json); }
  void send(server::Connection& to, std::string_view json) {
    put(to, json);
    turn();
  }
  void send(std::string_view json) { send(*connection, json); }
  // The n-th object that the client read, "" where it did not come.
  std::string object(std::size_t n) {
    turn();
    return mail.objects.size() > n ? mail.objects[n] : "";
  }
  // Sends, and gives the first object that came of it.
  std::string ask(std::string_view json) {
    const auto n = mail.objects.size();
    send(json);
    return object(n);
  }
  // The same session later, with nothing of the old connection but what its client kept.
  void connect_again() {
    connection->close();
    turn();
    mail.objects.clear();
    connection = connect(mail);
  }

 private:
  mtproto::Duration passed_{};
};

inline std::string nearest(const tl::Value&) {
  return R"({"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2})";
}
inline std::string silence(const tl::Value&) { return ""; }
inline std::string yes(const tl::Value&) { return R"({"_cons":"boolTrue"})"; }

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}
inline std::string rpc_error(int code, std::string_view text) {
  return R"({"_cons":"rpc_error","error_code":)" + std::to_string(code) + R"(,"error_message":")" +
         std::string(text) + "\"}";
}
// {"id":N,"message":{"_cons":"test.act","n":N}, …}
inline std::string act(int id, std::string_view more = "") {
  return R"({"id":)" + std::to_string(id) + R"(,"message":{"_cons":"test.act","n":)" +
         std::to_string(id) + "}" + std::string(more) + "}";
}
inline std::string answered(int id) {
  return R"({"id":)" + std::to_string(id) + R"(,"message":{"_cons":"boolTrue"}})";
}

}  // namespace support
