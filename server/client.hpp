// A client's socket: what its first byte says it speaks, its lines in, its objects out. Driven by a
// pump like any machine.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/channel/first_byte.hpp"
#include "server/channel/line_channel.hpp"
#include "server/connection.hpp"
#include "server/sink.hpp"
#include "server/upstream/pump.hpp"

namespace server {

class Client final : public upstream::Machine, public Sink, public channel::LineReader {
 public:
  // Above the first the data centre and the client's lines are not read; above the second the
  // client is given up.
  static constexpr std::size_t congested_above = std::size_t{1} << 20;
  static constexpr std::size_t hopeless_above = std::size_t{64} << 20;
  static constexpr mtproto::Duration time_to_tell = std::chrono::seconds(10);

  Client(Gateway&, tl::Random&, upstream::Pump::Socket, std::uint64_t number);
  ~Client() override;

  // Until the client is gone.
  static boost::asio::awaitable<void> serve(std::shared_ptr<Client> self);

  // The process ends: nothing more is read; what was asked is answered.
  void drain();
  void cut() { pump_->close(); }
  std::uint64_t number() const { return number_; }

  void receive(tl::ByteView bytes, mtproto::Time now) override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  tl::ByteView output() override;
  void written() override;
  bool end(mtproto::Time now) override;
  void on_step(mtproto::Time now) override;

  std::string& begin() override { return out_; }
  void complete() override;
  void wake() override;
  void finish() override;
  void abandon(std::string_view why) override;

 private:
  void on_value(std::unique_ptr<RequestArena> arena, const tl::Value& value) override;
  void on_failure(std::string_view id, const Failure&, std::size_t bytes) override;

  void take_lines(tl::ByteView bytes);
  void take_http(tl::ByteView bytes);
  void end_lines();
  void account_for_output();
  void let_go();

  Gateway& gateway_;
  const std::uint64_t number_;
  std::shared_ptr<Connection> connection_;
  std::shared_ptr<upstream::Pump> pump_;
  std::optional<channel::Speech> speech_;
  std::optional<channel::LineChannel> lines_;
  std::string head_;                      // of an HTTP request
  std::optional<mtproto::Time> tell_by_;  // it said something, but not what it speaks
  std::string out_;                       // objects that wait
  std::string writing_;                   // what the pump writes now
  std::size_t copied_ = 0;                // of out_, for --verbose
  MemoryShare share_;
  bool congested_ = false;
  bool finishing_ = false;
  bool linger_ = false;  // it may still be talking when we hang up
};

}  // namespace server
