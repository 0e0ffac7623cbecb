#include "server/channel/object_text.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "server/protocol/message_text.hpp"
#include "server/protocol/protocol.hpp"

namespace server::channel {
namespace {

// Small ones for a text that is not much longer; large ones go back to the system as they are read.
constexpr std::size_t small_part = std::size_t{64} << 10;
constexpr std::size_t large_part = std::size_t{1} << 20;
constexpr std::size_t small_parts = 4;

std::size_t part_size(std::size_t number) { return number < small_parts ? small_part : large_part; }

// Of a line that is typed or pasted Linux' terminals keep so much, and drop the rest unheard.
// (MAX_CANON, termios(3): 4,096 bytes with the line's end.) Netcats may add a carriage return.
constexpr std::size_t terminal_line = 4095;
constexpr bool is_cut_by_terminal(std::size_t size) {
  return size == terminal_line || size == terminal_line + 1;
}
constexpr std::string_view cut_by_terminal =
    "the text ends too early, just where terminals cut what is pasted (`stty -icanon` before that "
    "lets all of it through)";

constexpr std::string_view no_room_for_line =
    "the gateway is at its bound of memory; the line is skipped";
constexpr std::string_view request_skipped =
    "the gateway is at its bound of memory; the request is skipped";

}  // namespace

ObjectText::ObjectText(MemoryMeter& meter, std::size_t blank, std::string room,
                       std::shared_ptr<const Envelope> envelope)
    : meter_(&meter),
      arena_(std::make_unique<RequestArena>(meter)),
      blank_(blank),
      size_(blank),
      start_(std::move(room)),
      rest_share_(meter),
      envelope_(std::move(envelope)) {
  start_.assign(std::min(blank, quoted), ' ');
}

tl::JsonReader& ObjectText::reader() {
  if (!reader_) {
    // What it begins with is little, and never refused.
    arena_->heap().set_bounded(false);
    reader_.emplace(arena_->memory(), arena_->heap());
    arena_->heap().set_bounded(size_ > quoted);
  }
  return *reader_;
}

bool ObjectText::add(std::string_view piece) {
  size_ += piece.size();
  show(piece);
  // It is read to its end all the same, to quote it.
  if (bad_) return !reader().error().no_memory;
  // What is that short can always be read, and be answered under its own id.
  arena_->heap().set_bounded(size_ > quoted);
  const bool first = size_ == blank_ + piece.size();
  if (first && !envelope_ && size_ <= read_at_once) return hold(piece);
  if (!feed_held()) return false;
  if (bad_) return true;
  return size_ > read_at_once ? keep(piece) : feed(piece);
}

bool ObjectText::hold(std::string_view piece) {
  if (piece.empty()) return true;
  try {
    auto* const to = static_cast<char*>(arena_->memory().allocate(piece.size(), 1));
    std::memcpy(to, piece.data(), piece.size());
    held_ = {to, piece.size()};
  } catch (const std::bad_alloc&) {  // a memory_resource has no other way to refuse
    return false;
  }
  return true;
}

bool ObjectText::feed(std::string_view piece) {
  bad_ = !reader().feed(piece);
  return !bad_ || !reader().error().no_memory;
}

bool ObjectText::feed_held() {
  const auto piece = std::exchange(held_, {});
  return piece.empty() || feed(piece);
}

// What is held is looked at when its object ends, which may be now: unless all of it is there and
// right, its end is not.
bool ObjectText::rejected() {
  if (start_.size() < quoted) return false;
  if (!held_.empty() && !read_plain(held_, arena_->memory())) feed_held();
  return bad_ && !reader().error().no_memory;
}

void ObjectText::show(std::string_view piece) {
  if (start_.size() < start_with_id) start_ += piece.substr(0, start_with_id - start_.size());
}

bool ObjectText::keep(std::string_view piece) {
  while (!piece.empty()) {
    if (rest_.empty() || rest_.back().size() == part_size(rest_.size() - 1)) {
      const auto room = part_size(rest_.size());
      if (!rest_share_.try_resize(rest_share_.size() + room)) return false;
      rest_.emplace_back().reserve(room);
    }
    auto& part = rest_.back();
    const auto size = std::min(piece.size(), part_size(rest_.size() - 1) - part.size());
    part += piece.substr(0, size);
    piece.remove_prefix(size);
  }
  return true;
}

// Each part goes as soon as it is read: text and values are not there whole at the same time.
void ObjectText::read_rest() {
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    if (!bad_) bad_ = !reader().feed(rest_[i]);
    tl::release(rest_[i]);
    rest_share_.resize(rest_share_.size() - part_size(i));
  }
  tl::release(rest_);
}

std::variant<Incoming, NoObject> ObjectText::finish(bool strict) {
  if (const auto plain = read_plain(held_, arena_->memory())) return with_message(*plain);
  const bool large = unread();
  if (!feed_held()) return no_memory(no_room_for_line);
  const bool ends_early = !bad_;
  read_rest();
  const auto value = bad_ ? std::nullopt : reader().finish();
  if (!value && reader().error().no_memory) return no_memory(request_skipped);
  if (!value && ends_early && is_cut_by_terminal(size_)) {
    return no_json(false, {reader().error().position, std::string(cut_by_terminal), false});
  }
  if (!value) return no_json(false, reader().error());
  if (!value->is_object() && strict) return no_json(false, {0, "no JSON object"});
  if (!value->is_object()) return no_json(true, {});
  reader_.reset();
  arena_->heap().set_bounded(false);
  if (!envelope_) return read(*value, large);
  auto whole = envelope_->around(*value, arena_->memory());
  if (!whole) return NoObject{"1", whole.error(), true, false};
  return read(*whole, large);
}

// The request without its message, which is put in as the text that it is.
Incoming ObjectText::with_message(const PlainRequest& plain) {
  arena_->heap().set_bounded(false);
  const auto value = plain.value();
  auto request = read_request(value);
  const auto message = unread_message(plain.text);
  plain.members[plain.message].value = message;
  if (request) request->message = message;
  return {std::move(arena_), value, std::move(request), MemoryShare(*meter_), false};
}

std::variant<Incoming, NoObject> ObjectText::read(const tl::Value& object, bool large) {
  MemoryShare share(*meter_);
  // `@extra` is copied out as text, which is not longer than it was.
  if (large && object.find("@extra") != nullptr && !share.try_resize(size_))
    return no_memory(request_skipped);
  auto request = read_request(object, large ? size_ : 0);
  // Of one that is refused `@extra` is there still.
  if (!large) {
    share.resize(0);
  } else if (request) {
    share.resize(heap_size(*request));
  }
  return Incoming{std::move(arena_), object, std::move(request), std::move(share), large};
}

NoObject ObjectText::no_json(bool json, const tl::JsonError& error) const {
  if (json) return {std::string(id_of_no_object), type_error("", "an object is due"), true, false};
  return {id(), json_decode_error(blank_ + error.position, error.text, start_), false, false};
}

std::string ObjectText::id() const {
  return leading_id(start_).value_or(std::string(id_of_no_json));
}

NoObject ObjectText::no_memory(std::string_view why) const {
  return {id(), busy(meter_->limit(), std::string(why)), false, true};
}

}  // namespace server::channel
