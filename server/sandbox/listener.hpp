// One data centre's port: accepts, and has a pump drive a mtproto::Host over each connection.
// Everything runs on the sandbox's one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "mtproto/host/host.hpp"
#include "server/sandbox/dispatcher.hpp"
#include "server/sandbox/faults/tamper.hpp"
#include "server/sandbox/switchboard.hpp"
#include "server/sandbox/web_socket_listener.hpp"
#include "server/upstream/pump.hpp"
#include "server/upstream/work_pool.hpp"

namespace server::sandbox {

// What a listener shares with the other data centres.
struct House {
  Dispatcher& dispatcher;
  Switchboard& switchboard;
  upstream::WorkPool& pool;
  tl::Random& random;
  // Something was done: deliver pushes, look at the world's clock.
  std::function<void()> after_step;
  std::function<void()> keys_changed;
  Faults* faults = nullptr;  // none: all goes well

  mtproto::UnixTime wall() const {
    return upstream::wall_time() + (faults == nullptr ? mtproto::Duration{} : faults->clock_skew());
  }
};

struct HostConnection {
  HostConnection(const mtproto::HostOptions& options, mtproto::KeyRing& ring, const House& house,
                 std::uint64_t number_due, std::function<void(mtproto::Time)> on_step);
  void drive(boost::asio::ip::tcp::socket socket, upstream::WorkPool& pool);

  std::uint64_t number;
  mtproto::Host host;
  std::optional<Tamper> tamper;
  std::unique_ptr<upstream::Machine> machine;  // of the host, or of what stands before it
  std::optional<WebSocketListener> web_socket;
  std::shared_ptr<upstream::Pump> pump;
  std::set<mtproto::SessionAddress> sessions;
  bool speech_told = false;
};

class Listener {
 public:
  // Throws std::runtime_error with a sentence where the port can't be had. Port 0: any free one.
  Listener(boost::asio::io_context& context, House& house, mtproto::HostOptions options,
           std::uint16_t port);

  std::int32_t dc() const { return options_.dc; }
  std::uint16_t port() const { return port_; }
  mtproto::KeyRing& ring() { return ring_; }
  void start();
  // The faults are others now.
  void faults_changed() { watch_->cancel(); }
  // Keeps a push for a session that is on no connection; it gets it on its next one.
  void park(const mtproto::SessionAddress& session, tl::ByteView body, mtproto::Time now) {
    parked_.push(session, body, now);
  }
  // Once the thread is gone, and before the context goes.
  void shut() {
    acceptor_.reset();
    watch_.reset();
  }

 private:
  using Tcp = boost::asio::ip::tcp;

  boost::asio::awaitable<void> accept();
  boost::asio::awaitable<void> watch_absences();
  boost::asio::awaitable<void> serve(Tcp::socket socket);
  void look(HostConnection& connection, mtproto::Time now);
  void tell_speech(HostConnection& connection);
  void handle(HostConnection& connection, mtproto::HostEvent& event, mtproto::Time now);
  void handle_request(HostConnection& connection, const mtproto::Request& request,
                      mtproto::Time now);

  void renew(HostConnection& connection, const mtproto::SessionAddress& to);

  // faulty_listener.cpp
  void answer_badly(HostConnection& connection, const mtproto::Request& request, CallFate fate,
                    tl::Bytes body, mtproto::Time now);
  void answer_late(const mtproto::Request& request, const CallFate& fate, tl::Bytes body);
  void lose_key(HostConnection& connection, mtproto::AuthKeyId key);
  void set_away(bool away);
  void bind();

  boost::asio::io_context& context_;
  House& house_;
  mtproto::HostOptions options_;
  mtproto::KeyRing ring_;
  mtproto::Host parked_;  // of no connection: what is queued on it waits in the ring
  std::optional<Tcp::acceptor> acceptor_;
  std::optional<boost::asio::steady_timer> watch_;
  bool away_ = false;
  std::set<HostConnection*> connections_;
  std::uint16_t port_ = 0;
  std::size_t open_ = 0;
  std::uint64_t numbers_ = 0;
};

}  // namespace server::sandbox
