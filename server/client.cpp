#include "server/client.hpp"

#include <spdlog/spdlog.h>

#include "server/channel/http_page.hpp"
#include "server/protocol.hpp"
#include "server/verbose.hpp"

namespace server {
namespace {

constexpr std::size_t longest_http_head = 8192;

}  // namespace

Client::Client(Gateway& gateway, tl::Random& random, upstream::Pump::Socket socket,
               std::uint64_t number)
    : gateway_(gateway), number_(number), share_(gateway.memory) {
  connection_ = std::make_shared<Connection>(gateway, random, socket.get_executor(), *this, number);
  pump_ = std::make_shared<upstream::Pump>(std::move(socket), *this, gateway.pool);
}

Client::~Client() { connection_->close(); }

boost::asio::awaitable<void> Client::serve(std::shared_ptr<Client> self) {
  spdlog::debug("conn={} opened", self->number_);
  const auto why = co_await self->pump_->run();
  self->connection_->close();
  spdlog::debug("conn={} closed reason=\"{}\"", self->number_, why ? why.message() : "done");
}

void Client::drain() {
  if (!speech_ || *speech_ != channel::Speech::json) {
    finish();
  } else {
    connection_->end();
  }
  pump_->ring();
}

// --- bytes in ---

void Client::receive(tl::ByteView bytes, mtproto::Time now) {
  if (finishing_) return;
  if (!speech_) {
    if (!tell_by_) tell_by_ = now + time_to_tell;
    speech_ = channel::detect(bytes);
    if (!speech_) return;
    tell_by_.reset();
    if (*speech_ == channel::Speech::tls) return abandon("TLS is not configured");
    if (*speech_ == channel::Speech::http) {
      tell_by_ = now + time_to_tell;
    } else {
      lines_.emplace(*this, gateway_.memory, gateway_.options.max_line);
      if (*speech_ == channel::Speech::other) tell_by_ = now + time_to_tell;
    }
  }
  if (*speech_ == channel::Speech::http) return take_http(bytes);
  take_lines(bytes);
}

void Client::take_lines(tl::ByteView bytes) {
  if (lines_->feed(bytes)) return;
  linger_ = true;
  finish();
}

// Only its first line is looked at, and of that only whether a body is wanted.
void Client::take_http(tl::ByteView bytes) {
  head_ += tl::as_text(bytes.first(std::min(bytes.size(), longest_http_head)));
  if (head_.find('\n') == head_.npos && head_.size() < longest_http_head) return;
  out_ += channel::http_page(head_);
  copied_ = out_.size();
  linger_ = true;
  finish();
}

bool Client::end(mtproto::Time) {
  if (!lines_) {
    finish();
  } else {
    end_lines();
    connection_->end();
  }
  return true;
}

void Client::end_lines() {
  if (finishing_ || lines_->end()) return;
  linger_ = true;
  finish();
}

void Client::on_value(std::unique_ptr<RequestArena> arena, const tl::Value& value) {
  if (gateway_.options.verbose) copy_object(number_, Direction::in, value);
  connection_->receive(std::move(arena), value);
}

void Client::on_failure(std::string_view id, const Failure& failure, std::size_t bytes) {
  if (gateway_.options.verbose) copy_length(number_, Direction::in, bytes);
  connection_->refuse(id, failure);
}

// --- time ---

void Client::tick(mtproto::Time now) {
  if (tell_by_ && *tell_by_ <= now && !finishing_) {
    tell_by_.reset();
    if (!lines_) return abandon("it did not tell what it speaks");
    end_lines();
  }
  connection_->tick(now);
}

std::optional<mtproto::Time> Client::deadline() const {
  if (finishing_) return {};
  const auto requests = connection_->deadline();
  if (tell_by_ && requests) return std::min(*tell_by_, *requests);
  return tell_by_ ? tell_by_ : requests;
}

void Client::on_step(mtproto::Time) { let_go(); }

// --- objects out ---

void Client::complete() {
  if (gateway_.options.verbose) {
    copy_text(number_, Direction::out, std::string_view(out_).substr(copied_));
  }
  out_ += '\n';
  copied_ = out_.size();
  account_for_output();
  pump_->ring();
}

void Client::account_for_output() {
  const auto waiting = out_.size() + writing_.size() + connection_->held();
  share_.resize(waiting);
  if (waiting > hopeless_above) return abandon("its client does not read: 64 MiB wait");
  if (waiting > congested_above && gateway_.memory.full()) {
    return abandon("its client does not read, and the gateway is at its bound of memory");
  }
  // Twice, so that it does not change its mind with every object.
  const bool congested = waiting > (congested_ ? congested_above / 2 : congested_above);
  if (congested == congested_) return;
  congested_ = congested;
  pump_->pause(congested);
  connection_->set_congested(congested);
}

void Client::wake() { pump_->ring(); }

tl::ByteView Client::output() {
  if (writing_.empty()) {
    writing_.swap(out_);
    copied_ = 0;
  }
  return tl::as_bytes(writing_);
}

void Client::written() {
  writing_ = {};
  account_for_output();
  let_go();
}

void Client::finish() {
  finishing_ = true;
  connection_->end();
  pump_->ring();
}

void Client::let_go() {
  if (finishing_ && out_.empty() && writing_.empty()) pump_->close({}, linger_);
}

void Client::abandon(std::string_view why) {
  spdlog::info("conn={} given up reason=\"{}\"", number_, why);
  finishing_ = true;
  out_.clear();
  connection_->close();
  pump_->close();
}

}  // namespace server
