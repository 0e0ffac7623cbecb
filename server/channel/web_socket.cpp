#include "server/channel/web_socket.hpp"

#include <algorithm>

#include "server/channel/web_socket_core.hpp"
#include "server/gateway/gateway.hpp"
#include "server/upstream/pump.hpp"

namespace server::channel {
namespace {

namespace websocket = boost::beast::websocket;

// Beast takes what came in smaller pieces than the socket gives it: so much may wait in between.
constexpr std::size_t enough_ahead = std::size_t{128} << 10;

}  // namespace

WebSocket::WebSocket(ThreadState& thread, ByteSink& byte_sink, Caller caller, ConnectionSetup setup,
                     const Handshake& handshake, mtproto::Time now)
    : thread_(thread),
      byte_sink_(byte_sink),
      gate_(thread, *this, std::move(caller), setup),
      reader_(*this, thread.gateway.memory, work_of(thread), gate_.longest()),
      resting_(RestingCores::of(thread)),
      core_(std::make_shared<Core>(thread, *this)),
      heard_(now),
      pinged_(now) {
  resting_.enter();
  core_->accept(handshake);
}

WebSocket::~WebSocket() {
  if (core_) core_->detach();
  resting_.leave();
}

void WebSocket::receive(tl::ByteView bytes, mtproto::Time now) {
  heard_ = now;
  core().feed(bytes);
  look_at_room();
}

void WebSocket::progressed(mtproto::Time now) {
  heard_ = now;
  if (close_by_) give_time_to_close(now);
  if (core_) core_->write_on();
}

void WebSocket::written(mtproto::Time) {
  if (core_) core_->write_on();
}

WebSocket::Core& WebSocket::core() {
  if (!core_) core_ = resting_.take(thread_, *this);
  return *core_;
}

void WebSocket::let_go() { resting_.give_back(std::exchange(core_, nullptr)); }

// Twice, so that it does not change its mind with every frame. At the bound of memory nothing is
// read ahead.
void WebSocket::look_at_room() {
  const auto most = thread_.gateway.memory.full() ? 0 : full_ ? enough_ahead / 4 : enough_ahead;
  set_full(core_ && core_->unread() > most);
}

void WebSocket::set_full(bool full) {
  if (std::exchange(full_, full) != full) byte_sink_.pause(full);
}

void WebSocket::end(mtproto::Time) {
  if (core().closing()) return over();
  core_->end();
}

// As at the end of lines: what was asked is answered first, however long that may take it.
void WebSocket::all_asked() {
  if (std::exchange(all_asked_, true)) return;
  reader_.end();
  byte_sink_.wake();
}

void WebSocket::tick(mtproto::Time now) {
  if (close_by_ && *close_by_ <= now) return over();
  if (!all_asked_ && heard_ + silent_after <= now) {
    return byte_sink_.reset("it is silent: no answer to a ping");
  }
  if (!all_asked_ && std::max(heard_, pinged_) + ping_after <= now) {
    pinged_ = now;
    ping();
  }
  gate_.tick(now);
}

void WebSocket::ping() {
  if (core_) return core_->ping();
  byte_sink_.out() += std::string_view("\x89\0", 2);  // without a payload: RFC 6455 section 5.5.2
  byte_sink_.flush();
}

std::optional<mtproto::Time> WebSocket::deadline() const {
  auto due = mtproto::Time::max();
  if (!all_asked_) due = std::min(heard_ + silent_after, std::max(heard_, pinged_) + ping_after);
  if (close_by_) due = std::min(due, *close_by_);
  due = std::min(due, gate_.deadline().value_or(due));
  return due == mtproto::Time::max() ? std::nullopt : std::optional(due);
}

void WebSocket::set_above_high_watermark(bool above_high_watermark) {
  gate_.set_above_high_watermark(above_high_watermark);
}

void WebSocket::drain() {
  draining_ = true;
  reader_.end();
}

void WebSocket::leave() {
  say_goodbye(websocket::close_code::going_away, "the gateway is stopping, some is unanswered");
}

void WebSocket::close() {
  if (core_) core_->detach();
  gate_.close();
}

std::size_t WebSocket::held() const { return (core_ ? core_->held() : 0) + gate_.held(); }

std::size_t WebSocket::memory_usage() const { return core_ ? core_->memory_usage() : 0; }

void WebSocket::on_busy(bool busy) {
  if (std::exchange(busy_, busy) && !busy) core().read_on();
}

void WebSocket::on_object(Incoming&& object) {
  gate_.take(std::move(object));
  reader_.set_longest(gate_.longest());
}

void WebSocket::on_failure(std::string_view id, const Failure& failure, std::size_t bytes) {
  gate_.refuse(id, failure, bytes);
}

void WebSocket::complete(ObjectNote note) {
  gate_.copy_out(object_, 0);
  core().send(std::exchange(object_, {}), note.secret);
  byte_sink_.update_usage();
  byte_sink_.wake();
}

void WebSocket::finish() {
  if (all_asked_) {
    give_time_to_close(upstream::boot_time());
    core().answer_close();
    return byte_sink_.wake();
  }
  if (draining_) return say_goodbye(websocket::close_code::going_away, "the gateway is stopping");
  say_goodbye(websocket::close_code::policy_error, "a token is wanted");
}

void WebSocket::say_goodbye(std::uint16_t code, std::string_view reason) {
  if (close_by_) return;
  give_time_to_close(upstream::boot_time());
  core().close({static_cast<websocket::close_code>(code),
                boost::beast::string_view(reason.data(), reason.size())});
  byte_sink_.wake();
}

// What was answered before is to be read first.
void WebSocket::give_time_to_close(mtproto::Time now) {
  close_by_ = now + (core_ && core_->held() > 0 ? read_time : close_time);
}

void WebSocket::over() {
  gate_.close();
  byte_sink_.close_when_flushed(true);
}

}  // namespace server::channel
