// A session with one data centre, over one socket after another: dials when there is something to
// send, dials again with growing pauses while somebody waits or the client has used the session,
// and tells its user what came. One thread's, like its user.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/session/session.hpp"
#include "server/metering/memory_meter.hpp"
#include "server/metering/traffic.hpp"
#include "server/upstream/dial.hpp"
#include "server/upstream/network_watch.hpp"
#include "server/upstream/proxy/proxy.hpp"
#include "server/upstream/pump.hpp"
#include "server/upstream/telegram.hpp"
#include "server/upstream/work_pool.hpp"
#include "tl/shared_bytes.hpp"

namespace server::upstream {

struct UpstreamSettings {
  std::shared_ptr<const Telegram> telegram;
  mtproto::DcId dc{2};
  mtproto::ClientTransport transport;
  std::shared_ptr<const Proxy> proxy;  // none: the direct way
  std::chrono::milliseconds connect_timeout{10'000};
  bool pfs = false;                 // SessionOptions::pfs
  Traffic* traffic = nullptr;       // none: nobody counts
  NetworkWatch* network = nullptr;  // none: nobody says when it is back
  MemoryMeter* memory = nullptr;    // none: what it holds is not counted
  // As all of this wants a session; none: made for each connection.
  std::shared_ptr<const mtproto::SessionOptions> session{};

  // Of the others.
  mtproto::SessionOptions session_options() const;
};

// Why there is no connection.
struct UpstreamFailure {
  std::string reason;   // "Connection refused"
  std::string where;    // the address, where one was tried
  bool was_up = false;  // a connection was lost; else none was made
  // Trying again is of no use: the key is unknown there, or a check of the key exchange failed.
  bool final = false;
  std::optional<mtproto::Duration> retry_in;
  std::optional<mtproto::DcId> dc;  // where it is not its own
};

// Whoever uses an upstream connection. It may close it in any of these.
class UpstreamCallbacks {
 public:
  virtual ~UpstreamCallbacks() = default;
  virtual void on_connecting() = 0;
  virtual void on_key_exchange() {}
  virtual void on_ready() = 0;  // requests travel; those that waited have been written
  virtual void on_answer(mtproto::RequestId, tl::Slice body) = 0;
  virtual void on_written(mtproto::RequestId) = 0;  // one that has no answer
  virtual void on_lost(mtproto::RequestId) = 0;
  virtual void on_refused(mtproto::RequestId, boost::system::error_code why) = 0;  // not sendable
  virtual void on_pushed(tl::Slice body) = 0;
  virtual void on_down(const UpstreamFailure&) = 0;
  // The data centre made the session anew: what it was to push to the old one is gone.
  virtual void on_renewed() {}
  virtual void on_changed() = 0;  // after any of these: state() may be another
};

// A user's end of an upstream connection, its own or one that it shares.
class UpstreamHandle {
 public:
  virtual ~UpstreamHandle() = default;
  // Dials, unless that is under way.
  virtual void open() = 0;
  // For good; the user hears nothing more.
  virtual void close() = 0;
  virtual void set_prefix(tl::SharedBytes prefix) = 0;
  virtual mtproto::RequestId send(tl::SharedBytes body, mtproto::SendOptions options) = 0;
  virtual void forget(mtproto::RequestId id) = 0;
  // Nothing more is read from the data centre.
  virtual void pause(bool paused) = 0;
  virtual bool ready() const = 0;
  virtual mtproto::DcId dc() const = 0;
  // As far as its authenticated messages told.
  virtual mtproto::UnixTime server_time() const = 0;
  virtual const mtproto::SessionState& state() const = 0;
};

class UpstreamConnection final : public UpstreamHandle,
                                 private NetworkUser,
                                 public std::enable_shared_from_this<UpstreamConnection> {
 public:
  UpstreamConnection(boost::asio::any_io_executor, std::shared_ptr<const UpstreamSettings>,
                     mtproto::SessionState, tl::Random&, WorkPool&, UpstreamCallbacks&);
  ~UpstreamConnection() override;

  void open() override;
  void close() override;
  void set_prefix(tl::SharedBytes prefix) override { session_.set_prefix(std::move(prefix)); }
  mtproto::RequestId send(tl::SharedBytes body, mtproto::SendOptions options) override;
  void forget(mtproto::RequestId id) override;
  void pause(bool paused) override;
  bool ready() const override { return session_.ready(); }
  mtproto::DcId dc() const override { return settings_->dc; }
  mtproto::UnixTime server_time() const override { return session_.server_time(boot_time()); }
  const mtproto::SessionState& state() const override { return session_.state(); }

 private:
  // What a data centre sends is bounded before the session makes more of it.
  class SessionMachine final : public MachineAround<mtproto::Session> {
   public:
    explicit SessionMachine(UpstreamConnection& upstream)
        : MachineAround(upstream.session_), upstream_(upstream) {}
    std::size_t appetite() const override { return upstream_.appetite(); }
    void receive(tl::ByteView bytes, mtproto::Time now) override {
      upstream_.bound_input();
      MachineAround::receive(bytes, now);
    }
    void done(std::unique_ptr<mtproto::Work> work, mtproto::Time now) override {
      upstream_.bound_input();
      MachineAround::done(std::move(work), now);
    }
    void on_step(mtproto::Time) override { upstream_.step(); }
    void on_over(const boost::system::error_code& why) override { upstream_.on_over(why); }

   private:
    UpstreamConnection& upstream_;
  };

  void go_on(std::optional<UpstreamFailure> failure);
  boost::asio::awaitable<void> run(std::optional<UpstreamFailure> failure);
  boost::asio::awaitable<std::optional<UpstreamFailure>> connect();
  void begin(Pump::Socket socket, std::string where);
  void on_over(const boost::system::error_code& why);
  void end(const boost::system::error_code& why);
  void give_up();
  boost::asio::awaitable<void> wait(mtproto::Duration pause);
  void hurry(mtproto::Duration pause);
  void on_network() override;
  void step();
  void take(mtproto::Event& event);
  void greet();
  bool by_mtproxy() const;
  mtproto::ClientTransport transport() const;
  void watch_proxy(mtproto::Time until);
  void blame_proxy(UpstreamFailure& failure, const boost::system::error_code& why);
  void count_up();
  void count_down();
  mtproto::Duration next_pause();
  std::size_t appetite() const;
  void bound_input();
  void update_usage();
  void starve();
  void wait_for_memory();
  void update_pause();

  boost::asio::any_io_executor executor_;
  const std::shared_ptr<const UpstreamSettings> settings_;  // many connections have the same
  tl::Random& random_;
  WorkPool& pool_;
  UpstreamCallbacks* user_;
  mtproto::Session session_;
  SessionMachine machine_;
  std::optional<MemoryShare> input_;  // its own size, and what came and is not passed on
  std::unique_ptr<boost::asio::steady_timer> starved_;  // there is no memory for what would come
  mtproto::Time starved_since_{};
  std::shared_ptr<Pump> pump_;
  std::shared_ptr<DialStop> dialling_;
  std::unique_ptr<boost::asio::steady_timer> timer_;  // of a pause, or a watch
  std::string where_;                                 // to what address it is connected
  std::optional<mtproto::RequestId> greeting_;
  std::unique_ptr<mtproto::Failed> failed_;  // what the session said of this connection
  mtproto::Time tried_{};                    // when the last connection was begun
  mtproto::Time next_{};                     // when the next may be
  unsigned failures_ = 0;                    // one after another
  bool used_ = false;                        // the client has had an answer
  bool proxy_good_ = false;                  // something came through it once
  bool was_ready_ = false;                   // requests have travelled before
  bool counted_ = false;                     // among the connections that are up
  bool running_ = false;
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace server::upstream
