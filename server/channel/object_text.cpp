#include "server/channel/object_text.hpp"

#include <algorithm>

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
  reader_.emplace(arena_->memory(), arena_->heap());
}

bool ObjectText::add(std::string_view piece) {
  size_ += piece.size();
  show(piece);
  if (bad_) return true;  // it is read to its end all the same, to quote it
  // What is that short can always be read, and be answered under its own id.
  arena_->heap().set_bounded(size_ > quoted);
  if (size_ > read_at_once) return keep(piece);
  bad_ = !reader_->feed(piece);
  return !bad_ || !reader_->error().no_memory;
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
    if (!bad_) bad_ = !reader_->feed(rest_[i]);
    tl::release(rest_[i]);
    rest_share_.resize(rest_share_.size() - part_size(i));
  }
  tl::release(rest_);
}

std::variant<Incoming, NoObject> ObjectText::finish(bool strict) {
  const bool large = unread();
  const bool ends_early = !bad_;
  read_rest();
  const auto value = bad_ ? std::nullopt : reader_->finish();
  if (!value && reader_->error().no_memory) return no_memory();
  if (!value && ends_early && is_cut_by_terminal(size_)) {
    return no_json(false, {reader_->error().position, std::string(cut_by_terminal), false});
  }
  if (!value) return no_json(false, reader_->error());
  if (!value->is_object() && strict) return no_json(false, {0, "no JSON object"});
  if (!value->is_object()) return no_json(true, {});
  reader_.reset();
  arena_->heap().set_bounded(false);
  if (!envelope_) return read(*value, large);
  auto whole = envelope_->around(*value, arena_->memory());
  if (!whole) return NoObject{"1", whole.error(), true, false};
  return read(*whole, large);
}

std::variant<Incoming, NoObject> ObjectText::read(const tl::Value& object, bool large) {
  MemoryShare share(*meter_);
  // `@extra` is copied out as text, which is not longer than it was.
  if (large && object.find("@extra") != nullptr && !share.try_resize(size_)) return no_memory();
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

NoObject ObjectText::no_memory() const {
  return {id(), busy(meter_->limit(), std::string(request_skipped)), false, true};
}

}  // namespace server::channel
