// Walks TL bytes by the scheme and tells a sink what it sees. One walk, two sinks: JSON text
// (text_sink.hpp) and values in an arena (value_sink.hpp).
// Bytes come from outside: every count is checked against what is left, nesting is bounded, and
// the first thing that does not fit ends the walk with its place.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

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

  Decoder(const Schema& schema, ByteView bytes, Sink& sink, bool functions)
      : schema_(schema),
        begin_(bytes.data()),
        end_(begin_ + bytes.size()),
        sink_(sink),
        functions_(functions) {}

  // A whole answer, put at `to`, which is behind it then. Where it is no vector or Bool although
  // one is due, and where the object is of another type, what came counts.
  bool run(TypeRef due, To& to) {
    const Place start{begin_, to};
    const auto id = peek(start);
    const bool is_bool = id == bool_true_id || id == bool_false_id;
    if ((due.kind == Kind::vector && !due.bare_vector && id != vector_id) ||
        (due.kind == Kind::boolean && !is_bool) || due.kind == Kind::boxed) {
      due = {Kind::any, false, 0};
    }
    const auto end = due.kind == Kind::vector ? answer_vector(due, start) : value(due, 0, start);
    if (!end) return false;
    if (left(end) != 0) {
      fail(end, std::to_string(left(end)) + " bytes are left over");
      return false;
    }
    to = end.to;
    return true;
  }

  DecodeFailure& failure() { return failure_; }

 private:
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

  Place answer_vector(TypeRef due, Place at) {
    at.to = sink_.begin_answer_vector(at.to);
    at = vector(due, 1, at);
    if (!at) return under(sink_.answer_vector_path());
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
        Reader reader(rest(at));
        const auto bytes = reader.bytes();
        if (!reader) return early(at);
        at.from += reader.offset();
        at.to =
            kind == Kind::string ? sink_.string(as_text(bytes), at.to) : sink_.bytes(bytes, at.to);
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
    return {};
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
    for (std::uint32_t i = 0; i < count; ++i) {
      at.to = sink_.item(i, at.to);
      at = value(item, depth, at);
      if (!at) return under(std::to_string(i));
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
      const auto* other = of_type(type, id);
      if (other == nullptr) return wrong(at, *combinator, {Kind::boxed, false, type});
      combinator = other;
    }
    at.from += 4;
    return object(*combinator, depth, at);
  }

  // Where constructors of several types have one id, the type that is due decides.
  [[gnu::cold]] const Combinator* of_type(std::uint32_t type, std::uint32_t id) const {
    for (const auto place : schema_.type(type).constructors) {
      if (schema_.combinator(place).id == id) return &schema_.combinator(place);
    }
    return nullptr;
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
    const auto mark = sink_.mark();
    at.to = sink_.begin_object(combinator, at.to);
    FieldWalk::Later later;
    FieldWalk walk(combinator, later);
    while (const auto* step = walk.next()) {
      if (step->is_flags()) {
        if (left(at) < 4) return early_in_flags(at, combinator, *step);
        walk.grant(*step, next<std::uint32_t>(at));
        continue;
      }
      at.to = sink_.field(*step, at.to);
      at = value(step->kind, step->more != 0, step->index, depth, at);
      if (!at) return under(step->name());
    }
    at.to = sink_.end_object(mark, at.to);
    return at;
  }

  [[gnu::cold]] Place early(Place at) { return fail(at, "the bytes end too early"); }

  [[gnu::cold]] Place early_in_flags(Place at, const Combinator& combinator, const Step& step) {
    early(at);
    return under(combinator.fields[static_cast<std::size_t>(&step - combinator.steps.data())].name);
  }

  [[gnu::cold]] Place too_deep(Place at) { return fail(at, "nested too deep"); }

  [[gnu::cold]] Place wrong(Place at, const Combinator& found, TypeRef due) {
    return fail(at, std::string(found.name) + " stands where " + schema_.describe(due) + " is due");
  }

  [[gnu::cold]] Place fail(Place at, std::string text) {
    failure_.offset = static_cast<std::size_t>(at.from - begin_);
    failure_.text = std::move(text);
    return {};
  }

  [[gnu::cold]] Place unknown(Place at, std::uint32_t id) {
    failure_.unknown = id;
    return fail(at, "an unknown constructor");
  }

  // Puts `name` in front of the path; always a failure, for unwinding.
  [[gnu::cold]] Place under(std::string_view name) {
    if (name.empty()) return {};
    std::string longer = "/";
    append_pointer_token(name, longer);
    failure_.path.insert(0, longer);
    return {};
  }

  const Schema& schema_;
  const std::uint8_t* begin_;
  const std::uint8_t* end_;
  Sink& sink_;
  bool functions_;
  DecodeFailure failure_;
};

}  // namespace tl
