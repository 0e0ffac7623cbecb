// Walks TL bytes by the scheme and tells a sink what it sees. One walk, two sinks: JSON text
// (text_sink.hpp) and values in an arena (value_sink.hpp).
// Bytes come from outside: every count is checked against what is left, nesting is bounded, and
// the first thing that does not fit ends the walk with its place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "tl/decode_progress.hpp"
#include "tl/field_walk.hpp"
#include "tl/json_pointer.hpp"
#include "tl/reader.hpp"
#include "tl/schema.hpp"

namespace tl {

inline constexpr int max_tl_depth = 128;

struct DecodeFailure {
  std::size_t offset = 0;
  std::string path;                      // grows at its front while the walk unwinds
  std::optional<std::uint32_t> unknown;  // the id that no constructor has
  std::string text;
};

template <class Sink>
class Decoder {
 public:
  using To = typename Sink::Place;

  Decoder(const Schema& schema, ByteView bytes, Sink sink, bool functions)
      : schema_(schema),
        begin_(bytes.data()),
        end_(begin_ + bytes.size()),
        sink_(std::move(sink)),
        functions_(functions) {}

  // A whole answer, put at `to`, which is behind it then. Where it is no vector or Bool although
  // one is due, and where the object is of another type, what came counts.
  bool run(TypeRef due, To& to) { return finish(answer(due, {begin_, to}), to); }

  // The same by a sink that has parts: what the next of them holds. True at the end of the answer;
  // else the sink's progress is paused, or there is a failure().
  bool run_part(TypeRef due, To& to) requires requires(Sink& sink) { sink.progress(); }
  {
    auto& progress = sink_.progress();
    progress.paused = false;
    Place at{begin_ + progress.from, to};
    if (!std::exchange(progress.begun, true)) at = answer(due, at);
    while (at && !progress.levels.empty()) {
      auto level = progress.levels.back();
      progress.levels.pop_back();
      at = go_on(level, at);
    }
    if (at) return finish(at, to);
    if (progress.paused) {
      to = paused_.to;
      progress.from = static_cast<std::size_t>(paused_.from - begin_);
      progress.levels.insert(progress.levels.end(), progress.unwinding.rbegin(),
                             progress.unwinding.rend());
      progress.unwinding.clear();
      return false;
    }
    for (; !progress.levels.empty(); progress.levels.pop_back()) under(progress.levels.back());
    return false;
  }

  DecodeFailure& failure() { return failure_; }
  Sink& sink() { return sink_; }

 private:
  static constexpr bool in_parts = requires(Sink & sink) { sink.progress(); };
  using Level = DecodeProgress::Level;

  // How far the walk is: in the bytes and in what the sink writes. Handed on and returned by value,
  // so that both stay in registers; through memory, each field would wait for the one before.
  struct Place {
    const std::uint8_t* from = nullptr;  // null behind a failure
    To to{};
    explicit operator bool() const { return from != nullptr; }
  };

  std::size_t left(Place at) const { return static_cast<std::size_t>(end_ - at.from); }
  ByteView rest(Place at) const { return {at.from, left(at)}; }
  // The next word, not consumed; 0 where there is none.
  std::uint32_t peek(Place at) const { return Reader(rest(at)).peek(); }
  // Behind a check of left().
  template <class T>
  static T next(Place& at) {
    T value;
    std::memcpy(&value, at.from, sizeof value);
    at.from += sizeof value;
    return value;
  }

  // A string or bytes at `from`; null where they are not whole.
  ByteView string_at(const std::uint8_t* from) const {
    const auto most = static_cast<std::size_t>(end_ - from);
    if (most < 4 || *from >= 254) [[unlikely]] {
      return long_string_at(from);
    }
    const ByteView bytes(from + 1, *from);
    return padded(1 + bytes.size()) <= most ? bytes : ByteView();
  }
  [[gnu::noinline]] ByteView long_string_at(const std::uint8_t* from) const {
    return Reader({from, end_}).bytes();
  }
  static std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

  Place answer(TypeRef due, Place start) {
    const auto id = peek(start);
    const bool is_bool = id == bool_true_id || id == bool_false_id;
    if ((due.kind == Kind::vector && !due.bare_vector && id != vector_id) ||
        (due.kind == Kind::boolean && !is_bool) || due.kind == Kind::boxed) {
      due = {Kind::any, false, 0};
    }
    return due.kind == Kind::vector ? answer_vector(due, start) : value(due, 0, start);
  }

  bool finish(Place end, To& to) {
    if (!end) return false;
    if (left(end) != 0) {
      fail(end, std::to_string(left(end)) + " bytes are left over");
      return false;
    }
    to = end.to;
    return true;
  }

  Place answer_vector(TypeRef due, Place at) {
    at.to = sink_.begin_answer_vector(at.to);
    at = vector(due, 1, at);
    if (!at) {
      if constexpr (in_parts) {
        if (sink_.progress().paused) return leave({.kind = Level::Kind::answer_vector});
      }
      return under(sink_.answer_vector_path());
    }
    at.to = sink_.end_answer_vector(at.to);
    return at;
  }

  Place value(TypeRef type, int depth, Place at) {
    return value(type.kind, type.bare_vector, type.index, depth, at);
  }

  // The parts of a TypeRef. Inlined, for a call would cost more than most values do.
  [[gnu::always_inline]] Place value(Kind kind, bool bare_vector, std::uint32_t index, int depth,
                                     Place at) {
    switch (kind) {
      case Kind::nat:
        if (left(at) < 4) return early(at);
        at.to = sink_.nat(next<std::uint32_t>(at), at.to);
        return at;
      case Kind::int32:
        if (left(at) < 4) return early(at);
        at.to = sink_.int32(next<std::int32_t>(at), at.to);
        return at;
      case Kind::int64:
        if (left(at) < 8) return early(at);
        at.to = sink_.int64(next<std::int64_t>(at), at.to);
        return at;
      case Kind::float64:
        if (left(at) < 8) return early(at);
        at.to = sink_.float64(next<double>(at), at.to);
        return at;
      case Kind::string:
      case Kind::bytes: {
        const auto bytes = string_at(at.from);
        if (bytes.data() == nullptr) return early(at);
        at.from += padded(static_cast<std::size_t>(bytes.data() + bytes.size() - at.from));
        if constexpr (in_parts) {
          if (sink_.is_long(bytes)) return string_in_pieces(kind, bytes, at);
        }
        at.to = kind == Kind::string ? sink_.string(as_text(bytes), left(at), at.to)
                                     : sink_.bytes(bytes, at.to);
        return at;
      }
      case Kind::int128:
      case Kind::int256: {
        const std::size_t size = kind == Kind::int128 ? 16 : 32;
        if (left(at) < size) return early(at);
        at.to = sink_.bytes({at.from, size}, at.to);
        at.from += size;
        return at;
      }
      case Kind::boolean:
        return boolean(at);
      case Kind::true_bit:
        at.to = sink_.true_bit(at.to);
        return at;
      case Kind::vector:
        return vector({kind, bare_vector, index}, depth + 1, at);
      case Kind::boxed:
        return boxed(index, depth + 1, at);
      case Kind::any:
        return any(depth + 1, at);
      case Kind::bare:
        return object(schema_.combinator(index), depth + 1, at);
    }
    __builtin_unreachable();
  }

  Place boolean(Place at) {
    if (left(at) < 4) return early(at);
    const auto id = peek(at);
    if (id != bool_true_id && id != bool_false_id) return unknown(at, id);
    at.from += 4;
    at.to = sink_.boolean(id == bool_true_id, at.to);
    return at;
  }

  Place vector(TypeRef type, int depth, Place at) {
    if (depth > max_tl_depth) return too_deep(at);
    const auto item = schema_.element(type.index);
    if (!type.bare_vector) {
      if (left(at) < 4) return early(at);
      const auto id = peek(at);
      if (id != vector_id) return unknown(at, id);
      at.from += 4;
    }
    Reader reader(rest(at));
    const auto count = reader.count(false, least_size(item.kind));
    if (!reader) return fail(at, "a vector counts more items than there are bytes for");
    at.from += reader.offset();
    const auto mark = sink_.mark();
    at.to = sink_.begin_array(at.to);
    return items(item, 0, count, depth, mark, at);
  }

  // Those from `i` on.
  [[gnu::always_inline]] Place items(TypeRef item, std::uint32_t i, std::uint32_t count, int depth,
                                     typename Sink::Mark mark, Place at) {
    for (; i < count; ++i) {
      if constexpr (in_parts) {
        if (sink_.full(at.to)) return pause(at, level_of(item, i, count, depth));
      }
      at.to = sink_.item(i, at.to);
      at = value(item, depth, at);
      if (!at) {
        if constexpr (in_parts) {
          if (sink_.progress().paused) return leave(level_of(item, i + 1, count, depth));
        }
        return under(std::to_string(i));
      }
    }
    at.to = sink_.end_array(mark, at.to);
    return at;
  }

  static std::size_t least_size(Kind kind) {
    switch (kind) {
      case Kind::int64:
      case Kind::float64:
        return 8;
      case Kind::int128:
        return 16;
      case Kind::int256:
        return 32;
      default:
        return 4;
    }
  }

  Place boxed(std::uint32_t type, int depth, Place at) {
    if (left(at) < 4) return early(at);
    const auto id = peek(at);
    const auto* combinator = schema_.constructor_by_id(id);
    if (combinator == nullptr) [[unlikely]] {
      return unknown(at, id);
    }
    if (combinator->result.index != type) [[unlikely]] {
      return other_boxed(type, *combinator, depth, at);
    }
    at.from += 4;
    return object(*combinator, depth, at);
  }

  // Where constructors of several types have one id, the type that is due decides.
  [[gnu::cold, gnu::noinline]] Place other_boxed(std::uint32_t type, const Combinator& found,
                                                 int depth, Place at) {
    for (const auto place : schema_.type(type).constructors) {
      const auto& combinator = schema_.combinator(place);
      if (combinator.id != found.id) continue;
      at.from += 4;
      return object(combinator, depth, at);
    }
    return wrong(at, found, {Kind::boxed, false, type});
  }

  Place any(int depth, Place at) {
    if (left(at) < 4) return early(at);
    const auto id = peek(at);
    if (id == bool_true_id || id == bool_false_id) return boolean(at);
    const auto* combinator = functions_ ? schema_.function_by_id(id) : nullptr;
    if (combinator == nullptr) combinator = schema_.constructor_by_id(id);
    if (combinator == nullptr) return unknown(at, id);
    at.from += 4;
    return object(*combinator, depth, at);
  }

  Place object(const Combinator& combinator, int depth, Place at) {
    if (depth > max_tl_depth) return too_deep(at);
    if (combinator.blocks > 1) return large_object(combinator, depth, at);
    const auto mark = sink_.mark();
    at.to = sink_.begin_object(combinator, at.to);
    return fields(combinator, FieldWalk(combinator), nullptr, depth, mark, at);
  }

  // Apart, so that others need no stack for what few combinators need.
  [[gnu::noinline]] Place large_object(const Combinator& combinator, int depth, Place at) {
    const auto mark = sink_.mark();
    at.to = sink_.begin_object(combinator, at.to);
    FieldWalk::Later later;
    return fields(combinator, FieldWalk(combinator, &later), &later, depth, mark, at);
  }

  // Those that are still to come.
  [[gnu::always_inline]] Place fields(const Combinator& combinator, FieldWalk walk,
                                      [[maybe_unused]] const FieldWalk::Later* later, int depth,
                                      typename Sink::Mark mark, Place at) {
    while (true) {
      if constexpr (in_parts) {
        if (sink_.full(at.to)) return pause(at, level_of(combinator, nullptr, walk, later, depth));
      }
      if (!walk.more()) break;
      const auto* step = walk.next();
      if (step->is_flags()) {
        if (left(at) < 4) return early_in_flags(at, combinator, *step);
        walk.grant(*step, next<std::uint32_t>(at));
        continue;
      }
      at.to = sink_.field(*step, at.to);
      at = value(step->kind, step->more != 0, step->index, depth, at);
      if (!at) {
        if constexpr (in_parts) {
          if (sink_.progress().paused) {
            return leave(level_of(combinator, step, walk, later, depth));
          }
        }
        return under(step->name());
      }
    }
    at.to = sink_.end_object(mark, at.to);
    return at;
  }

  // --- in parts ---

  static Level level_of(TypeRef item, std::uint32_t next, std::uint32_t count, int depth) {
    return {
        .kind = Level::Kind::vector, .depth = depth, .item = item, .next = next, .count = count};
  }
  static Level level_of(const Combinator& combinator, const Step* step, const FieldWalk& walk,
                        const FieldWalk::Later* later, int depth) {
    Level level{.depth = depth, .combinator = &combinator, .step = step, .walk = walk.place()};
    if (later != nullptr) level.later = *later;
    return level;
  }

  // The part is full: nothing more is read, and all that is open is left from inside to outside.
  Place pause(Place at, Level level) {
    paused_ = at;
    sink_.progress().paused = true;
    return leave(level);
  }
  Place leave(Level level) {
    sink_.progress().unwinding.push_back(level);
    return {};
  }

  Place go_on(Level& level, Place at) {
    switch (level.kind) {
      case Level::Kind::object: {
        auto* later = level.combinator->blocks > 1 ? &level.later : nullptr;
        const FieldWalk walk(*level.combinator, later, level.walk);
        return fields(*level.combinator, walk, later, level.depth, sink_.mark(), at);
      }
      case Level::Kind::vector:
        return items(level.item, level.next, level.count, level.depth, sink_.mark(), at);
      case Level::Kind::answer_vector:
        at.to = sink_.end_answer_vector(at.to);
        return at;
      default:
        return rest_of_string(level, at);
    }
  }

  Place string_in_pieces(Kind kind, ByteView bytes, Place at) {
    Level level{.kind = Level::Kind::bytes, .rest = bytes};
    if (kind == Kind::string) {
      const bool is_text = sink_.is_long_text(as_text(bytes));
      level.kind = is_text ? Level::Kind::string : Level::Kind::string_as_bytes;
    }
    at.to = sink_.begin_string(level.kind, at.to);
    return rest_of_string(level, at);
  }

  Place rest_of_string(Level& level, Place at) {
    while (!level.rest.empty()) {
      if (sink_.full(at.to)) return pause(at, level);
      const auto piece = level.rest.first(std::min(level.rest.size(), sink_.piece()));
      at.to = sink_.put_piece(level.kind, piece, at.to);
      level.rest = level.rest.subspan(piece.size());
    }
    at.to = sink_.end_string(level.kind, at.to);
    return at;
  }

  // --- failures, each apart: what a text takes of the stack is not taken where all is well ---

  // What was open around one.
  void under(const Level& level) {
    if (level.kind == Level::Kind::vector) under(std::to_string(level.next - 1));
    if (level.kind == Level::Kind::object) under(level.step->name());
    if (level.kind == Level::Kind::answer_vector) under(sink_.answer_vector_path());
  }

  [[gnu::cold, gnu::noinline]] Place early(Place at) { return fail(at, "the bytes end too early"); }

  [[gnu::cold, gnu::noinline]] Place early_in_flags(Place at, const Combinator& combinator,
                                                    const Step& step) {
    early(at);
    return under(combinator.fields[static_cast<std::size_t>(&step - combinator.steps.data())].name);
  }

  [[gnu::cold, gnu::noinline]] Place too_deep(Place at) { return fail(at, "nested too deep"); }

  [[gnu::cold, gnu::noinline]] Place wrong(Place at, const Combinator& found, TypeRef due) {
    return fail(at, std::string(found.name) + " stands where " + schema_.describe(due) + " is due");
  }

  [[gnu::cold, gnu::noinline]] Place fail(Place at, std::string text) {
    failure_.offset = static_cast<std::size_t>(at.from - begin_);
    failure_.text = std::move(text);
    return {};
  }

  [[gnu::cold, gnu::noinline]] Place unknown(Place at, std::uint32_t id) {
    failure_.unknown = id;
    return fail(at, "an unknown constructor");
  }

  // Puts `name` in front of the path; always a failure, for unwinding.
  [[gnu::cold, gnu::noinline]] Place under(std::string_view name) {
    if (name.empty()) return {};
    std::string longer = "/";
    append_pointer_token(name, longer);
    failure_.path.insert(0, longer);
    return {};
  }

  const Schema& schema_;
  const std::uint8_t* begin_;
  const std::uint8_t* end_;
  Sink sink_;
  bool functions_;
  Place paused_{};  // of a part: where it ended
  DecodeFailure failure_;
};

}  // namespace tl
