// /api/v1/{account}/events and …/updates: a named account's log.
#include "server/gateway/gateway.hpp"
#include "server/http/http_channel.hpp"
#include "server/upstream/pump.hpp"

namespace server::http {
namespace {

// What may wait to be written before no more is read of the log.
constexpr std::size_t most_waiting = std::size_t{64} << 10;

}  // namespace

void HttpChannel::begin_events() {
  auto wish = read_events_wish(reader_->head());
  if (!wish) return refuse_call(wish.error());
  if (refuse_body()) return;
  wish->log.scope = scope_;
  events_ = std::make_unique<ApiEvents>(thread_, std::move(*wish),
                                        static_cast<ApiEventsUser&>(*this), upstream::boot_time());
  byte_sink_.wake();
}

// No proxy between is to keep it, nor to collect it first.
void HttpChannel::on_events(std::string text) {
  if (state_ == State::over) return;
  if (!streaming_) {
    begin_stream("text/event-stream; charset=utf-8",
                 {{"Cache-Control", "no-cache, no-transform"}, {"X-Accel-Buffering", "no"}});
  }
  LongText piece;
  piece += text;
  write_chunk(std::move(piece), delivery(true), byte_sink_.out());
  byte_sink_.flush();
}

bool HttpChannel::events_wait() const { return byte_sink_.out().size() > most_waiting; }

// Who follows comes again in a moment, perhaps to another gateway.
void HttpChannel::on_events_over() {
  write_last_chunk(delivery(true), byte_sink_.out().end());
  close();
  byte_sink_.close_when_flushed(true);
}

void HttpChannel::retire_events() {
  if (events_) retired_events_ = std::move(events_);
}

}  // namespace server::http
