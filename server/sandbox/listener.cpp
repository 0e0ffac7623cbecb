#include "server/sandbox/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "server/logs/logger.hpp"
#include "server/upstream/token.hpp"

namespace server::sandbox {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using upstream::token;
constexpr std::size_t most_connections = 20'000;
constexpr auto pause_when_full = std::chrono::milliseconds(100);

std::runtime_error cant_listen(std::int32_t dc, std::uint16_t port, error_code why) {
  return std::runtime_error("the sandbox's data centre " + std::to_string(dc) +
                            " can't listen on 127.0.0.1:" + std::to_string(port) + ": " +
                            why.message() + " (--sandbox-port chooses another port)");
}

}  // namespace

Listener::Listener(asio::io_context& context, House& house, mtproto::HostOptions options,
                   std::uint16_t port)
    : context_(context),
      house_(house),
      options_(std::move(options)),
      parked_(options_, ring_, house.random),
      watch_(std::in_place, context),
      port_(port) {
  parked_.connect(upstream::boot_time(), house_.wall());
  bind();
  error_code failed;
  acceptor_->listen(asio::socket_base::max_listen_connections, failed);
  if (failed) throw cant_listen(options_.dc, port_, failed);
}

HostConnection::HostConnection(const mtproto::HostOptions& options, mtproto::KeyRing& ring,
                               const House& house, std::uint64_t number_due,
                               std::function<void(mtproto::Time)> on_step)
    : number(number_due), host(options, ring, house.random) {
  if (house.faults == nullptr) {
    machine = std::make_unique<upstream::MachineOf<mtproto::Host>>(host, std::move(on_step));
    return;
  }
  tamper.emplace(host, ring, *house.faults, house.random);
  machine = std::make_unique<upstream::MachineOf<Tamper>>(*tamper, std::move(on_step));
}

void HostConnection::drive(asio::ip::tcp::socket socket, upstream::WorkPool& pool) {
  web_socket.emplace(socket.get_executor(), std::move(machine));
  pump = std::make_shared<upstream::Pump>(std::move(socket), *web_socket, pool);
  web_socket->set_driver({[this] { pump->wake(); }, [this] { pump->close(asio::error::eof); },
                          [this](bool paused) { pump->pause(paused); },
                          [this] { host.come_to_test(); }});
}

void Listener::bind() {
  auto& acceptor = acceptor_.emplace(context_);
  const Tcp::endpoint address(asio::ip::address_v4::loopback(), port_);
  error_code failed;
  acceptor.open(address.protocol(), failed);
  if (!failed) acceptor.set_option(Tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(address, failed);
  if (failed) throw cant_listen(options_.dc, port_, failed);
  port_ = acceptor.local_endpoint().port();
}

void Listener::start() {
  asio::co_spawn(context_, accept(), asio::detached);
  if (house_.faults != nullptr) asio::co_spawn(context_, watch_absences(), asio::detached);
}

asio::awaitable<void> Listener::accept() {
  asio::steady_timer timer(context_);
  while (acceptor_) {
    if (away_ || open_ >= most_connections) {
      timer.expires_after(pause_when_full);
      co_await timer.async_wait(token);
      continue;
    }
    Tcp::socket socket(context_);
    const auto [failed] = co_await acceptor_->async_accept(socket, token);
    if (failed == asio::error::operation_aborted && !away_) co_return;
    if (failed) {
      // Most likely out of file descriptors: that passes.
      timer.expires_after(pause_when_full);
      co_await timer.async_wait(token);
      continue;
    }
    error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    ++open_;
    asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> Listener::serve(Tcp::socket socket) {
  const auto number = ++numbers_;
  // on_step comes only from the pump, when the connection stands.
  std::shared_ptr<HostConnection> connection;
  auto on_step = [this, &connection](mtproto::Time now) { look(*connection, now); };
  connection =
      std::make_shared<HostConnection>(options_, ring_, house_, number, std::move(on_step));
  connection->host.connect(upstream::boot_time(), house_.wall());
  connection->drive(std::move(socket), house_.pool);
  connections_.insert(connection.get());
  const auto why = co_await connection->pump->run();
  connections_.erase(connection.get());
  logs::debug("sandbox dc={} connection={} closed reason=\"{}\"", options_.dc, number,
              why.message());
  for (const auto& session : connection->sessions) {
    house_.switchboard.closed(session, *connection);
  }
  --open_;
}

void Listener::look(HostConnection& connection, mtproto::Time now) {
  if (connection.tamper) connection.tamper->set_time(now);
  tell_speech(connection);
  for (auto& event : connection.host.take_events()) handle(connection, event, now);
  if (connection.tamper && connection.tamper->over()) connection.pump->close();
  house_.after_step();
}

void Listener::tell_speech(HostConnection& connection) {
  const auto framing = connection.host.framing();
  if (!framing || connection.tamper || std::exchange(connection.speech_told, true)) return;
  constexpr std::string_view names[] = {"abridged", "intermediate", "padded", "full"};
  logs::debug("sandbox dc={} connection={} speaks=\"{}{}{}\"", options_.dc, connection.number,
              connection.web_socket->is_web_socket() ? "WebSocket, " : "",
              names[static_cast<std::size_t>(*framing)],
              connection.host.obfuscated() ? ", obfuscated" : "");
}

void Listener::handle(HostConnection& connection, mtproto::HostEvent& event, mtproto::Time now) {
  if (const auto* request = std::get_if<mtproto::Request>(&event)) {
    handle_request(connection, *request, now);
  } else if (const auto* seen = std::get_if<mtproto::SessionSeen>(&event)) {
    connection.sessions.insert(seen->session);
    house_.switchboard.seen(seen->session, connection);
    if (const auto body = house_.dispatcher.seen(seen->session)) {
      connection.host.push(seen->session, *body, now);
    }
  } else if (const auto* gone = std::get_if<mtproto::SessionGone>(&event)) {
    connection.sessions.erase(gone->session);
    house_.switchboard.gone(gone->session);
    house_.dispatcher.session_gone(gone->session);
  } else if (const auto* key = std::get_if<mtproto::KeyGone>(&event)) {
    house_.dispatcher.key_gone(key->key);
    house_.keys_changed();
  } else if (std::holds_alternative<mtproto::KeyMade>(event)) {
    logs::debug("sandbox dc={} connection={} key made", options_.dc, connection.number);
    house_.keys_changed();
  } else if (const auto* failed = std::get_if<mtproto::HostFailed>(&event)) {
    logs::debug("sandbox dc={} connection={} failed reason=\"{}\"", options_.dc, connection.number,
                failed->why.message());
    connection.pump->close(failed->why);
  }
}

void Listener::handle_request(HostConnection& connection, const mtproto::Request& request,
                              mtproto::Time now) {
  auto& dispatcher = house_.dispatcher;
  if (house_.faults != nullptr && ring_.find(request.from.key) == nullptr) return;
  auto body = dispatcher.call(request.from, request.message, request.body, options_.dc, now,
                              house_.wall(), &ring_);
  if (house_.faults == nullptr) {
    connection.host.answer(request.from, request.message, body, now);
  } else {
    answer_badly(connection, request, dispatcher.told().fate, std::move(body), now);
  }
  const auto& told = dispatcher.told();
  if (told.stand_in) {
    const auto [wanted, got] = *told.stand_in;
    logs::warn(
        "sandbox layer={} is not loaded: clients of it are answered in layer {}; "
        "`scheme/add-layer {}` brings it, then start again or kill -HUP",
        wanted, got, wanted);
  }
  if (!told.error && told.method == "auth.bindTempAuthKey") renew(connection, request.from);
  if (!told.error) {
    logs::debug("sandbox dc={} connection={} method={}", options_.dc, connection.number,
                told.method);
  } else if (*told.error == not_played()) {
    logs::warn("sandbox dc={} connection={} method={} is not played", options_.dc,
               connection.number, told.method);
  } else {
    logs::debug("sandbox dc={} connection={} method={} code={} error={}", options_.dc,
                connection.number, told.method, told.error->code, told.error->text);
  }
}

// A client that binds a temporary key where it has used another goes on under the new one, and is
// told there what happens. Answers may still go out under the old one.
void Listener::renew(HostConnection& connection, const mtproto::SessionAddress& to) {
  const auto owner = ring_.owner(to.key);
  for (const auto& session : connection.sessions) {
    if (session.key == to.key || session.key == owner || ring_.owner(session.key) != owner)
      continue;
    ring_.supersede(session.key);
    house_.dispatcher.session_moved(session, to);
  }
}

}  // namespace server::sandbox
