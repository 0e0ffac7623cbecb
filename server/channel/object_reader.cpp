#include "server/channel/object_reader.hpp"

#include <algorithm>
#include <utility>

#include "server/protocol.hpp"

namespace server::channel {
namespace {

// Enough of a text to quote 200 bytes of it, and to know where its 200th character ends.
constexpr std::size_t quoted = 204;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

ObjectReader::ObjectReader(ObjectTaker& taker, MemoryMeter& meter, std::size_t longest)
    : taker_(taker), meter_(meter), longest_(longest), share_(meter) {}

void ObjectReader::begin() {
  auto& text = text_.emplace(Text{});
  text.arena = std::make_unique<RequestArena>(meter_);
  text.reader.emplace(text.arena->memory());
  text.size = blank_;
  start_.assign(std::min(blank_, quoted), ' ');
}

void ObjectReader::feed(std::string_view piece) {
  if (skipping_) return;
  if (!text_) {
    const auto at = std::ranges::find_if_not(piece, is_blank) - piece.begin();
    blank_ += static_cast<std::size_t>(at);
    piece.remove_prefix(static_cast<std::size_t>(at));
    if (piece.empty() && blank_ <= longest_) return;
    begin();
  }
  auto& text = *text_;
  text.size += piece.size();
  share_.resize(text.size);
  if (text.size > longest_) return refuse(line_too_long(longest_));
  if (start_.size() < quoted) start_ += piece.substr(0, quoted - start_.size());
  // One that is none is read to its end all the same, to quote it.
  if (!text.bad) text.bad = !text.reader->feed(piece);
  if (meter_.full() && text.size > quoted) {
    refuse(busy(meter_.limit(), "the gateway is at its bound of memory; the line is skipped"));
  }
}

void ObjectReader::refuse(const Failure& failure) {
  const auto size = text_->size;
  text_.reset();
  share_.resize(0);
  skipping_ = true;
  taker_.on_failure(id_of_no_json, failure, size);
}

bool ObjectReader::hopeless() const { return text_ && text_->bad && start_.size() >= quoted; }

ObjectReader::Outcome ObjectReader::finish(bool strict) {
  const auto blank = std::exchange(blank_, 0);
  if (std::exchange(skipping_, false)) return Outcome::too_much;
  if (!text_) return Outcome::nothing;
  auto text = std::move(*text_);
  text_.reset();
  share_.resize(0);
  const auto value = text.bad ? std::nullopt : text.reader->finish();
  if (!value) {
    const auto& error = text.reader->error();
    const auto failure = json_decode_error(blank + error.position, error.text, start_);
    taker_.on_failure(id_of_no_json, failure, text.size);
    return Outcome::no_json;
  }
  if (!value->is_object() && strict) {
    const auto failure = json_decode_error(blank, "no JSON object", start_);
    taker_.on_failure(id_of_no_json, failure, text.size);
    return Outcome::no_json;
  }
  if (!value->is_object()) {
    taker_.on_failure(id_of_no_object, type_error("", "an object is due"), text.size);
    return Outcome::no_object;
  }
  text.reader.reset();
  taker_.on_value(std::move(text.arena), *value);
  return Outcome::taken;
}

}  // namespace server::channel
