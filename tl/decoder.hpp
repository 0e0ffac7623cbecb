// Walks TL bytes by the scheme and tells a sink what it sees. One walk, two sinks: JSON text
// (text_sink.hpp) and values in an arena (value_sink.hpp).
// Bytes come from outside: every count is checked against what is left, nesting is bounded, and
// the first thing that does not fit ends the walk with its place.
#pragma once

#include <cstdint>
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
  Decoder(const Schema& schema, ByteView bytes, Sink& sink, bool functions)
      : schema_(schema), reader_(bytes), sink_(sink), functions_(functions) {}

  // A whole answer. Where it is no vector or Bool although one is due, and where the object is of
  // another type, what came counts.
  bool run(TypeRef due) {
    const auto id = reader_.peek();
    const bool is_bool = id == bool_true_id || id == bool_false_id;
    if ((due.kind == Kind::vector && !due.bare_vector && id != vector_id) ||
        (due.kind == Kind::boolean && !is_bool) || due.kind == Kind::boxed) {
      due = {Kind::any, false, 0};
    }
    if (due.kind == Kind::vector) {
      sink_.begin_answer_vector();
      if (!vector(due, 1)) return under(sink_.answer_vector_path());
      sink_.end_answer_vector();
    } else if (!value(due, 0)) {
      return false;
    }
    if (reader_.left() != 0) {
      return fail(std::to_string(reader_.left()) + " bytes are left over");
    }
    return true;
  }

  DecodeFailure& failure() { return failure_; }

 private:
  // Inlined, for a call would cost more than most values do.
  [[gnu::always_inline]] bool value(TypeRef type, int depth) {
    return value(type.kind, type.bare_vector, type.index, depth);
  }

  // The parts of a TypeRef.
  [[gnu::always_inline]] bool value(Kind kind, bool bare_vector, std::uint32_t index, int depth) {
    switch (kind) {
      case Kind::nat:
        if (reader_.left() < 4) return early();
        sink_.nat(reader_.next<std::uint32_t>());
        return true;
      case Kind::int32:
        if (reader_.left() < 4) return early();
        sink_.int32(reader_.next<std::int32_t>());
        return true;
      case Kind::int64:
        if (reader_.left() < 8) return early();
        sink_.int64(reader_.next<std::int64_t>());
        return true;
      case Kind::float64:
        if (reader_.left() < 8) return early();
        sink_.float64(reader_.next<double>());
        return true;
      case Kind::string: {
        const auto text = reader_.bytes();
        if (!reader_) return early();
        sink_.string(as_text(text));
        return true;
      }
      case Kind::bytes: {
        const auto bytes = reader_.bytes();
        if (!reader_) return early();
        sink_.bytes(bytes);
        return true;
      }
      case Kind::int128:
      case Kind::int256: {
        const auto bytes = reader_.raw(kind == Kind::int128 ? 16 : 32);
        if (!reader_) return early();
        sink_.bytes(bytes);
        return true;
      }
      case Kind::boolean:
        return boolean();
      case Kind::true_bit:
        sink_.true_bit();
        return true;
      case Kind::vector:
        return vector({kind, bare_vector, index}, depth + 1);
      case Kind::boxed:
        return boxed(index, depth + 1);
      case Kind::any:
        return any(depth + 1);
      case Kind::bare:
        return object(schema_.combinator(index), depth + 1);
    }
    return false;
  }

  bool boolean() {
    const auto id = reader_.peek();
    if (id != bool_true_id && id != bool_false_id) {
      if (reader_.left() < 4) return early();
      return unknown(id);
    }
    sink_.boolean(reader_.boolean());
    return true;
  }

  bool vector(TypeRef type, int depth) {
    if (depth > max_tl_depth) return too_deep();
    const auto item = schema_.element(type.index);
    if (!type.bare_vector && reader_.peek() != vector_id) {
      if (reader_.left() < 4) return early();
      return unknown(reader_.peek());
    }
    const auto count = reader_.count(!type.bare_vector, least_size(item.kind));
    if (!reader_) return fail("a vector counts more items than there are bytes for");
    const auto mark = sink_.begin_array(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      sink_.item(i);
      if (!value(item, depth)) return under(std::to_string(i));
    }
    sink_.end_array(mark);
    return true;
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

  bool boxed(std::uint32_t type, int depth) {
    if (reader_.left() < 4) return early();
    const auto id = reader_.peek();
    const auto* combinator = schema_.constructor_by_id(id);
    if (combinator == nullptr) [[unlikely]] {
      return unknown(id);
    }
    if (combinator->result.index != type) [[unlikely]] {
      return wrong(*combinator, {Kind::boxed, false, type});
    }
    reader_.next<std::uint32_t>();
    return object(*combinator, depth);
  }

  bool any(int depth) {
    if (reader_.left() < 4) return early();
    const auto id = reader_.peek();
    if (id == bool_true_id || id == bool_false_id) return boolean();
    const auto* combinator = functions_ ? schema_.function_by_id(id) : nullptr;
    if (combinator == nullptr) combinator = schema_.constructor_by_id(id);
    if (combinator == nullptr) return unknown(id);
    reader_.next<std::uint32_t>();
    return object(*combinator, depth);
  }

  bool object(const Combinator& combinator, int depth) {
    if (depth > max_tl_depth) return too_deep();
    const auto mark = sink_.begin_object(combinator);
    FieldWalk walk(combinator);
    while (const auto* step = walk.next()) {
      if (step->is_flags()) {
        if (reader_.left() < 4) return early_in_flags(combinator, *step);
        walk.grant(*step, reader_.next<std::uint32_t>());
        continue;
      }
      if (!field(*step, depth)) return under(step->name());
    }
    sink_.end_object(mark);
    return true;
  }

  // Its key and its value. Most are whole numbers; a sink can take these in one go.
  [[gnu::always_inline]] bool field(const Step& step, int depth) {
    if (step.kind == Kind::int32) {
      if (reader_.left() < 4) return early();
      sink_.int32_field(step, reader_.next<std::int32_t>());
      return true;
    }
    if (step.kind == Kind::int64) {
      if (reader_.left() < 8) return early();
      sink_.int64_field(step, reader_.next<std::int64_t>());
      return true;
    }
    sink_.field(step);
    return value(step.kind, step.more != 0, step.index, depth);
  }

  [[gnu::cold]] bool early() { return fail("the bytes end too early"); }

  [[gnu::cold]] bool early_in_flags(const Combinator& combinator, const Step& step) {
    early();
    return under(combinator.fields[static_cast<std::size_t>(&step - combinator.steps.data())].name);
  }

  [[gnu::cold]] bool too_deep() { return fail("nested too deep"); }

  [[gnu::cold]] bool wrong(const Combinator& found, TypeRef due) {
    return fail(found.name + " stands where " + schema_.describe(due) + " is due");
  }

  [[gnu::cold]] bool fail(std::string text) {
    failure_.offset = reader_.offset();
    failure_.text = std::move(text);
    return false;
  }

  [[gnu::cold]] bool unknown(std::uint32_t id) {
    failure_.unknown = id;
    return fail("an unknown constructor");
  }

  // Puts `name` in front of the path; always false, for unwinding.
  [[gnu::cold]] bool under(std::string_view name) {
    if (name.empty()) return false;
    std::string longer = "/";
    append_pointer_token(name, longer);
    failure_.path.insert(0, longer);
    return false;
  }

  const Schema& schema_;
  Reader reader_;
  Sink& sink_;
  bool functions_;
  DecodeFailure failure_;
};

}  // namespace tl
