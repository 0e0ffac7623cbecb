// Where whole conversations of clients happen: a gateway in memory, its channels without sockets,
// and a data centre that takes every connection and says nothing.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "server/account/accounts.hpp"
#include "server/channel/first_byte.hpp"
#include "server/channel/json_lines.hpp"
#include "server/gateway/gateway.hpp"
#include "server/http/http_channel.hpp"
#include "server/logs/logger.hpp"
#include "server/process/client.hpp"
#include "server/upstream/pump.hpp"
#include "tests/server/connection/connection_world.hpp"

namespace fuzz {

// Takes what is dialled; nobody waits for it, so that a loop may come to its end.
class SilentDataCentre {
 public:
  explicit SilentDataCentre(boost::asio::io_context& context)
      : acceptor_(context, {boost::asio::ip::address_v4::loopback(), 0}) {
    acceptor_.non_blocking(true);
  }

  server::upstream::Telegram telegram() const {
    server::upstream::Telegram out;
    out.kind = server::upstream::Telegram::Kind::sandbox;
    out.data_centres[2] = {{"127.0.0.1", acceptor_.local_endpoint().port()}};
    out.keys = {support::test_key().public_key()};
    out.free_api_id = 1;
    out.free_api_hash = "x";
    return out;
  }
  void accept() {
    for (;;) {
      boost::system::error_code none;
      auto socket = acceptor_.accept(none);
      if (none) return;
      taken_.push_back(std::move(socket));
    }
  }
  void close_all() { std::exchange(taken_, {}); }

 private:
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<boost::asio::ip::tcp::socket> taken_;
};

// The process: what outlives conversations.
class Stand {
 public:
  static constexpr std::size_t most_memory = std::size_t{4} << 20;
  static constexpr std::size_t longest_line = std::size_t{1} << 20;

  Stand()
      : data_centre(context),
        gateway(options(), schemes(),
                std::make_shared<const server::upstream::Telegram>(data_centre.telegram()), {}, 1),
        counters(gateway.metrics.add_thread()) {
    server::logs::set_level(server::logs::Level::off);
  }

  // Whatever can happen now does.
  void settle() {
    data_centre.accept();
    for (int i = 0; i < 100; ++i) {
      context.restart();
      if (context.poll() == 0) return;
    }
  }

  boost::asio::io_context context{1};
  SilentDataCentre data_centre;
  server::Gateway gateway;
  server::Counters& counters;

 private:
  static server::Options options() {
    server::Options out;
    out.max_memory = most_memory;
    out.max_line = longest_line;
    out.ws_compression = true;
    return out;
  }
  static std::shared_ptr<const server::Schemes> schemes() {
    const tl::SchemaSource mtproto{"mtproto.tl", support::read_file(support::mtproto_tl_file())};
    auto parsed =
        server::parse_schemes({{"small.tl", std::string(support::small_api)}}, mtproto, {});
    if (!parsed) throw std::runtime_error(parsed.error());
    return *parsed;
  }
};

// A client's connection: server/process/client.hpp without its socket. What is written waits until
// the client reads.
class Visitor final : public server::channel::ByteSink {
 public:
  explicit Visitor(server::ThreadState& thread) : thread_(thread), share_(thread.gateway.memory) {}
  ~Visitor() override { leave(); }

  void say(tl::ByteView bytes, mtproto::Time now) {
    if (finishing_ || paused_ || above_high_watermark_ || bytes.empty()) return;
    if (!channel_ && !begin(bytes, now)) return;
    channel_->receive(bytes, now);
    step();
  }
  void read(mtproto::Time now) {
    out_.clear();
    update_usage();
    if (channel_ && !finishing_) channel_->written(now);
    step();
  }
  void end(mtproto::Time now) {
    if (!channel_ || finishing_) return;
    channel_->end(now);
    step();
  }
  void tick(mtproto::Time now) {
    const auto due = channel_ && !finishing_ ? channel_->deadline() : std::nullopt;
    if (due && *due <= now) channel_->tick(now);
    step();
  }
  // Whom the channel has given up is let go once it is not on the stack any more.
  void step() {
    retired_.reset();
    if (finishing_ && out_.empty()) leave();
  }

  server::LongText& out() override { return out_; }
  void flush() override { update_usage(); }
  void update_usage() override {
    if (reset_) return;
    const auto waiting = out_.size() + (channel_ ? channel_->held() : 0);
    share_.resize(waiting);
    if (waiting > server::Client::hard_limit) return reset("");
    if (waiting > server::Client::high_watermark && thread_.gateway.memory.full()) {
      return reset("");
    }
    const bool above_high_watermark =
        waiting > server::Client::high_watermark / (above_high_watermark_ ? 2 : 1);
    if (above_high_watermark == std::exchange(above_high_watermark_, above_high_watermark)) return;
    if (channel_) channel_->set_above_high_watermark(above_high_watermark);
  }
  void wake() override {}
  void pause(bool paused) override { paused_ = paused; }
  void close_when_flushed(bool) override { finishing_ = true; }
  void reset(std::string_view) override {
    if (std::exchange(reset_, true)) return;
    finishing_ = true;
    out_.clear();
    share_.resize(0);
    if (channel_) channel_->close();
  }
  void become(std::unique_ptr<server::channel::Channel> next, tl::ByteView bytes,
              mtproto::Time now) override {
    retired_ = std::move(channel_);
    channel_ = std::move(next);
    paused_ = false;
    channel_->receive(bytes, now);
  }

 private:
  bool begin(tl::ByteView bytes, mtproto::Time now) {
    using server::channel::Speech;
    const auto speech = server::channel::detect(bytes);
    if (!speech || *speech == Speech::tls) return false;
    if (*speech == Speech::http) {
      channel_ =
          std::make_unique<server::http::HttpChannel>(thread_, *this, server::Caller{}, false, now);
    } else {
      channel_ = std::make_unique<server::channel::JsonLines>(thread_, *this, server::Caller{},
                                                              *speech == Speech::json);
    }
    return true;
  }
  void leave() {
    finishing_ = true;
    out_.clear();
    share_.resize(0);
    if (channel_) channel_->close();
    channel_.reset();
    retired_.reset();
  }

  server::ThreadState& thread_;
  server::MemoryShare share_;
  server::LongText out_;
  std::unique_ptr<server::channel::Channel> channel_, retired_;
  bool finishing_ = false;
  bool reset_ = false;
  bool above_high_watermark_ = false;
  bool paused_ = false;
};

}  // namespace fuzz
