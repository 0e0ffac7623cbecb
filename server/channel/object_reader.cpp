#include "server/channel/object_reader.hpp"

#include <algorithm>
#include <utility>

#include "tl/byte_order_mark.hpp"
#include "tl/spare_room.hpp"

namespace server::channel {
namespace {

// Of a text's first bytes.
constexpr std::size_t kept_room = 2 * start_with_id;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

Failure line_skipped(const MemoryMeter& meter) {
  return busy(meter.limit(), "the gateway is at its bound of memory; the line is skipped");
}

}  // namespace

// Reading the rest of a long text, on the pool.
class ObjectReader::Reading final : public mtproto::Work {
 public:
  // `wanted`: as long as that is there, somebody waits.
  Reading(ObjectText text, bool is_strict, std::weak_ptr<const void> wanted)
      : size(text.size()), strict(is_strict), text_(std::move(text)), wanted_(std::move(wanted)) {}
  void run() override {
    if (!wanted_.expired()) result = text_->finish(strict);
    text_.reset();
  }

  const std::size_t size;
  const bool strict;
  std::optional<Result> result;

 private:
  std::optional<ObjectText> text_;
  const std::weak_ptr<const void> wanted_;
};

// What was fed while an object is read elsewhere, to be fed again.
struct ObjectReader::Held {
  struct Piece {
    std::string text;
    bool finished = false;  // the object ends here
    bool strict = false;
    bool too_much = false;          // there was no room for its text
    std::optional<std::string> id;  // of that one
  };

  explicit Held(MemoryMeter& meter) : share(meter) {}

  Piece& open() {
    if (pieces.empty() || pieces.back().finished) {
      pieces.emplace_back();
      share.resize(share.size() + 2 * sizeof(Piece));
    }
    return pieces.back();
  }
  void add(std::string_view text) {
    auto& piece = open();
    if (piece.too_much) return;
    if (share.try_resize(share.size() + text.size())) {
      piece.text += text;
    } else {
      piece.too_much = true;
      auto start = piece.text.substr(0, start_with_id);
      start += text.substr(0, start_with_id - start.size());
      piece.id = leading_id(start);
      share.resize(share.size() - piece.text.size());
      tl::release(piece.text);
    }
  }
  // The pieces of `other` from the `first` on.
  void take(Held& other, std::size_t first) {
    std::ranges::move(other.pieces.begin() + static_cast<std::ptrdiff_t>(first), other.pieces.end(),
                      std::back_inserter(pieces));
    share = std::move(other.share);
    ended = other.ended;
  }

  std::vector<Piece> pieces;
  MemoryShare share;
  bool ended = false;
};

ObjectReader::ObjectReader(ObjectTaker& taker, MemoryMeter& meter, const upstream::WorkRunner& work,
                           std::size_t longest)
    : taker_(taker), meter_(meter), work_(work), longest_(longest) {}

ObjectReader::~ObjectReader() = default;

void ObjectReader::feed(std::string_view piece) {
  if (held_) return held_->add(piece);
  if (skipping_ || stopped_) return;
  if (!text_) {
    skip_blank(piece);
    if (piece.empty() && blank_ <= longest_) return;
    begin();
  }
  if (text_->size() + piece.size() > longest_) {
    text_->show(piece);
    return refuse(line_too_long(longest_));
  }
  if (!text_->add(piece)) refuse(line_skipped(meter_));
}

// White space and a byte order mark, either of which may stand before an object.
void ObjectReader::skip_blank(std::string_view& piece) {
  while (!piece.empty()) {
    if (piece.front() == tl::byte_order_mark[marked_]) {
      marked_ = (marked_ + 1) % tl::byte_order_mark.size();
      if (marked_ == 0) blank_ += tl::byte_order_mark.size();
    } else if (marked_ == 0 && is_blank(piece.front())) {
      ++blank_;
    } else {
      return;
    }
    piece.remove_prefix(1);
  }
}

// With the part of a mark that turned out to be none.
void ObjectReader::begin() {
  std::string room;
  tl::lend_room(room);
  text_ = std::make_unique<ObjectText>(meter_, blank_, std::move(room), envelope_);
  const auto part = std::exchange(marked_, std::size_t{0});
  if (part > 0) text_->add(tl::byte_order_mark.substr(0, part));
}

void ObjectReader::refuse(const Failure& failure) {
  const auto size = text_->size();
  const auto id = text_->id();
  text_.reset();
  skipping_ = true;
  taker_.on_failure(id, failure, size);
}

bool ObjectReader::rejected() { return text_ && text_->rejected(); }

ObjectReader::Outcome ObjectReader::finish(bool strict) {
  if (held_) {
    auto& piece = held_->open();
    piece.finished = true;
    piece.strict = strict;
    return Outcome::later;
  }
  if (!text_ && marked_ > 0) begin();
  blank_ = 0;
  if (std::exchange(skipping_, false)) return Outcome::too_much;
  if (!text_ || stopped_) return Outcome::nothing;
  auto text = std::exchange(text_, nullptr);
  if (text->unread()) {
    read_apart(std::move(*text), strict);
    return Outcome::later;
  }
  const auto size = text->size();
  auto result = text->finish(strict);
  auto room = text->take_room();
  text.reset();
  tl::give_room_back(room, kept_room);
  return tell(std::move(result), size);
}

void ObjectReader::end() {
  if (held_) {
    held_->ended = true;
  } else {
    taker_.on_end();
  }
}

ObjectReader::Outcome ObjectReader::tell(Result result, std::size_t size) {
  if (auto* object = std::get_if<Incoming>(&result)) {
    taker_.on_object(std::move(*object));
    return Outcome::taken;
  }
  const auto& none = std::get<NoObject>(result);
  taker_.on_failure(none.id, none.failure, size);
  if (none.no_memory) return Outcome::too_much;
  return none.json ? Outcome::no_object : Outcome::no_json;
}

// --- long texts ---

void ObjectReader::read_apart(ObjectText text, bool strict) {
  held_ = std::make_shared<Held>(meter_);
  // Who holds on to that has a reader that is still there.
  auto done = [this, held = std::weak_ptr(held_)](std::unique_ptr<mtproto::Work> work) {
    if (held.lock()) read_done(static_cast<Reading&>(*work));
  };
  taker_.on_busy(true);
  work_.run(std::make_unique<Reading>(std::move(text), strict, held_), std::move(done));
}

void ObjectReader::read_done(Reading& reading) {
  const auto held = std::exchange(held_, nullptr);
  const auto outcome = tell(std::move(*reading.result), reading.size);
  if (reading.strict && (outcome == Outcome::no_json || outcome == Outcome::no_object)) {
    stopped_ = true;
    return taker_.on_wrong_start();
  }
  go_on(*held);
}

void ObjectReader::go_on(Held& held) {
  for (std::size_t i = 0; i < held.pieces.size(); ++i) {
    if (held_) return held_->take(held, i);  // and that one is long, too
    auto& piece = held.pieces[i];
    if (piece.too_much) {
      taker_.on_failure(piece.id.value_or(std::string(id_of_no_json)), line_skipped(meter_), 0);
      skipping_ = true;
    } else {
      feed(piece.text);
    }
    if (piece.finished) finish(piece.strict);
  }
  if (held_) return held_->take(held, held.pieces.size());
  taker_.on_busy(false);
  if (held.ended) end();
}

}  // namespace server::channel
