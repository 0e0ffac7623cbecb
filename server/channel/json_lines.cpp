#include "server/channel/json_lines.hpp"

#include "server/gateway/gateway.hpp"

#include <algorithm>

namespace server::channel {

JsonLines::JsonLines(ThreadState& thread, ByteSink& byte_sink, Caller caller, bool decided)
    : byte_sink_(byte_sink),
      gate_(thread, *this, std::move(caller), {}),
      lines_(*this, thread.gateway.memory, work_of(thread), gate_.longest()),
      decided_(decided) {}

void JsonLines::receive(tl::ByteView bytes, mtproto::Time now) {
  if (finishing_) return;
  if (!decided_ && !tell_by_) tell_by_ = now + time_to_tell;
  if (!lines_.feed(bytes)) stop();
}

void JsonLines::end(mtproto::Time) {
  if (!finishing_ && !lines_.end()) stop();
}

// Whoever sent that speaks something else.
void JsonLines::stop() {
  linger_ = true;
  finish();
}

void JsonLines::tick(mtproto::Time now) {
  if (tell_by_ && *tell_by_ <= now && !finishing_) {
    tell_by_.reset();
    lines_.end();
    return stop();
  }
  gate_.tick(now);
}

std::optional<mtproto::Time> JsonLines::deadline() const {
  if (finishing_) return {};
  const auto requests = gate_.deadline();
  if (tell_by_ && requests) return std::min(*tell_by_, *requests);
  return tell_by_ ? tell_by_ : requests;
}

void JsonLines::set_above_high_watermark(bool above_high_watermark) {
  gate_.set_above_high_watermark(above_high_watermark);
}

// What comes meanwhile is read and forgotten: left unread, it could take the last answers away.
void JsonLines::drain() {
  linger_ = true;
  lines_.stop();
}

void JsonLines::close() { gate_.close(); }

void JsonLines::on_object(Incoming&& object) {
  gate_.take(std::move(object));
  lines_.set_longest(gate_.longest());
}

void JsonLines::on_failure(std::string_view id, const Failure& failure, std::size_t bytes) {
  gate_.refuse(id, failure, bytes);
}

LongText& JsonLines::begin() {
  auto& out = byte_sink_.out();
  begun_ = out.size();
  return out;
}

void JsonLines::complete(ObjectNote) {
  auto& out = byte_sink_.out();
  gate_.copy_out(out, begun_);
  out += '\n';
  byte_sink_.flush();
}

void JsonLines::finish() {
  if (finishing_) return;
  finishing_ = true;
  gate_.finish();
  byte_sink_.close_when_flushed(linger_);
}

}  // namespace server::channel
