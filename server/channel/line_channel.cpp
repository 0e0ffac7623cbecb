#include "server/channel/line_channel.hpp"

#include <algorithm>

#include "server/protocol.hpp"

namespace server::channel {
namespace {

// Enough of a line to quote 200 bytes of it, and to know where its 200th character ends.
constexpr std::size_t quoted = 204;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

LineChannel::LineChannel(LineReader& reader, MemoryMeter& meter, std::size_t longest)
    : to_(reader), meter_(meter), longest_(longest) {}

bool LineChannel::feed(tl::ByteView bytes) {
  auto text = tl::as_text(bytes);
  while (!text.empty() && !stopped_) {
    const auto end = text.find('\n');
    piece(text.substr(0, end));
    if (end == text.npos || stopped_) break;
    finish();
    text.remove_prefix(end + 1);
  }
  return !stopped_;
}

bool LineChannel::end() {
  if (!stopped_) finish();
  return !stopped_;
}

void LineChannel::piece(std::string_view text) {
  if (skipping_) return;
  if (!line_) {
    const auto begin = std::ranges::find_if_not(text, is_blank) - text.begin();
    blank_ += static_cast<std::size_t>(begin);
    text.remove_prefix(static_cast<std::size_t>(begin));
    if (text.empty() && blank_ <= longest_) return;
    line_.emplace();
    line_->arena = std::make_unique<RequestArena>(meter_);
    line_->reader.emplace(line_->arena->memory());
    line_->share = std::make_unique<MemoryShare>(meter_);
    line_->size = blank_;
    line_->start.assign(std::min(blank_, quoted), ' ');
  }
  auto& line = *line_;
  line.size += text.size();
  line.share->resize(line.size);
  if (line.size > longest_) {
    const auto size = line.size;
    line_.reset();
    skipping_ = true;
    return to_.on_failure(id_of_no_json, line_too_long(longest_), size);
  }
  if (line.start.size() < quoted) line.start += text.substr(0, quoted - line.start.size());
  // A line that is none is read to its end all the same, to quote it.
  if (!line.bad) line.bad = !line.reader->feed(text);
  if (line.bad && first_ && line.start.size() >= quoted) return finish();
  if (meter_.full() && line.size > quoted) {
    const auto size = line.size;
    line_.reset();
    skipping_ = true;
    const auto failure =
        busy(meter_.limit(), "the gateway is at its bound of memory; the line is skipped");
    to_.on_failure(id_of_no_json, failure, size);
  }
}

void LineChannel::finish() {
  const auto blank = std::exchange(blank_, 0);
  if (std::exchange(skipping_, false)) {
    first_ = false;
    return;
  }
  if (!line_) return;
  auto line = std::move(*line_);
  line_.reset();
  const auto value = line.bad ? std::nullopt : line.reader->finish();
  if (!value) {
    const auto& error = line.reader->error();
    return refuse(id_of_no_json, json_decode_error(blank + error.position, error.text, line.start),
                  line.size);
  }
  if (!value->is_object() && first_) {
    return refuse(id_of_no_json, json_decode_error(blank, "no JSON object", line.start), line.size);
  }
  if (!value->is_object()) {
    return refuse(id_of_no_object, type_error("", "an object is due on each line"), line.size);
  }
  first_ = false;
  line.reader.reset();
  line.share.reset();
  to_.on_value(std::move(line.arena), *value);
}

void LineChannel::refuse(std::string_view id, const Failure& failure, std::size_t bytes) {
  if (first_) stopped_ = true;
  to_.on_failure(id, failure, bytes);
}

}  // namespace server::channel
