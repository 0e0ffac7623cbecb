// Stands between a machine and its socket, so that clients may come by WebSocket, as they must from
// a browser. A connection that begins with "GET " is shaken hands with; the bytes of its binary
// messages are the machine's from then on, one stream that messages cut anywhere. Any other
// connection is the machine's as it is. core.telegram.org/mtproto/transports#websocket
//
//   GET /apiws HTTP/1.1               101                     82 | length | obfuscated2 …
//   Sec-WebSocket-Protocol: binary    the same protocol       88 | …        the end
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/upstream/pump.hpp"

namespace server::sandbox {

class WebSocketListener final : public upstream::Machine {
 public:
  // What a handshake may take, and a goodbye.
  static constexpr mtproto::Duration shake_time = std::chrono::seconds(10);

  // Of the pump that drives the listener; called from its own handlers, too.
  struct Driver {
    std::function<void()> wake;
    std::function<void()> close;
    std::function<void(bool)> pause;
    std::function<void()> test;  // the place that is asked for is one of the test environment
  };

  WebSocketListener(boost::asio::any_io_executor executor,
                    std::unique_ptr<upstream::Machine> inner);
  ~WebSocketListener() override;
  bool is_web_socket() const { return core_ != nullptr; }
  // Before anything is received.
  void set_driver(Driver driver) { driver_ = std::move(driver); }

  void receive(tl::ByteView bytes, mtproto::Time now) override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  tl::ByteView output() override;
  void written() override;
  void moved(mtproto::Time now) override { inner_->moved(now); }
  mtproto::WorkList take_work() override { return inner_->take_work(); }
  void done(std::unique_ptr<mtproto::Work> work, mtproto::Time now) override {
    inner_->done(std::move(work), now);
  }
  bool end(mtproto::Time now) override { return inner_->end(now); }
  void on_step(mtproto::Time now) override { inner_->on_step(now); }

 private:
  class Core;
  enum class Way : std::uint8_t { unknown, straight, web, refused };

  void find_out(mtproto::Time now);
  void shake_hands(mtproto::Time now);
  void refuse(std::string_view status);
  void take(tl::ByteView bytes);

  boost::asio::any_io_executor executor_;
  std::unique_ptr<upstream::Machine> inner_;
  Driver driver_;
  Way way_ = Way::unknown;
  tl::Bytes first_;  // until it is known what they begin: the connection, then the stream inside
  std::shared_ptr<Core> core_;
  std::string out_;      // framed already
  std::string writing_;  // what output() gave
  std::optional<mtproto::Time> over_by_;
  bool inside_known_ = false;
};

}  // namespace server::sandbox
