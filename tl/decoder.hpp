// Walks TL bytes by the scheme and tells a sink what it sees. One walk, two sinks: JSON text
// (text_sink.hpp) and values in an arena (value_sink.hpp).
// Bytes come from outside: every count is checked against what is left, nesting is bounded, and
// the first thing that does not fit ends the walk with its place.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

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
  bool value(TypeRef type, int depth) {
    switch (type.kind) {
      case Kind::nat:
        return take(reader_.nat(), [&](auto v) { sink_.nat(v); });
      case Kind::int32:
        return take(reader_.int32(), [&](auto v) { sink_.int32(v); });
      case Kind::int64:
        return take(reader_.int64(), [&](auto v) { sink_.int64(v); });
      case Kind::float64:
        return take(reader_.float64(), [&](auto v) { sink_.float64(v); });
      case Kind::string:
        return take(reader_.bytes(), [&](auto v) { sink_.string(as_text(v)); });
      case Kind::bytes:
        return take(reader_.bytes(), [&](auto v) { sink_.bytes(v); });
      case Kind::int128:
        return take(reader_.raw(16), [&](auto v) { sink_.bytes(v); });
      case Kind::int256:
        return take(reader_.raw(32), [&](auto v) { sink_.bytes(v); });
      case Kind::boolean:
        return boolean();
      case Kind::true_bit:
        sink_.true_bit();
        return true;
      case Kind::vector:
        return vector(type, depth + 1);
      case Kind::boxed:
      case Kind::any:
        return boxed(type, depth + 1);
      case Kind::bare:
        return object(schema_.combinator(type.index), depth + 1);
    }
    return false;
  }

  template <class T, class Give>
  bool take(T value, const Give& give) {
    if (!reader_) [[unlikely]] {
      return fail("the bytes end too early");
    }
    give(value);
    return true;
  }

  bool boolean() {
    const auto id = reader_.peek();
    if (id != bool_true_id && id != bool_false_id) {
      if (reader_.left() < 4) return fail("the bytes end too early");
      return unknown(id);
    }
    sink_.boolean(reader_.boolean());
    return true;
  }

  bool vector(TypeRef type, int depth) {
    if (depth > max_tl_depth) return fail("nested too deep");
    const auto item = schema_.element(type.index);
    if (!type.bare_vector && reader_.peek() != vector_id) {
      if (reader_.left() < 4) return fail("the bytes end too early");
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

  bool boxed(TypeRef type, int depth) {
    const auto id = reader_.peek();
    if (reader_.left() < 4) return fail("the bytes end too early");
    const auto* combinator = schema_.constructor_by_id(id);
    if (type.kind == Kind::any) {
      if (functions_) {
        const auto* function = schema_.function_by_id(id);
        if (function != nullptr) combinator = function;
      }
      if (id == bool_true_id || id == bool_false_id) return boolean();
    }
    if (combinator == nullptr) return unknown(id);
    if (type.kind == Kind::boxed && combinator->result != type) [[unlikely]] {
      return fail(combinator->name + " stands where " + schema_.describe(type) + " is due");
    }
    reader_.nat();
    return object(*combinator, depth);
  }

  bool object(const Combinator& combinator, int depth) {
    if (depth > max_tl_depth) return fail("nested too deep");
    std::array<std::uint32_t, Combinator::max_words + 1> words{1};
    const auto mark = sink_.begin_object(combinator);
    const auto* gate = combinator.gates.data();
    const auto* field = combinator.fields.data();
    for (const auto* const end = gate + combinator.gates.size(); gate != end; ++gate, ++field) {
      if ((words[gate->word] & gate->mask) == 0) continue;
      if (field->is_flags) {
        words[field->word] = reader_.nat();
        if (!reader_) return fail("the bytes end too early") || under(field->name);
        continue;
      }
      sink_.field(*field);
      if (!value(field->type, depth)) return under(field->name);
    }
    sink_.end_object(mark);
    return true;
  }

  bool fail(std::string text) {
    failure_.offset = reader_.offset();
    failure_.text = std::move(text);
    return false;
  }

  bool unknown(std::uint32_t id) {
    failure_.unknown = id;
    return fail("an unknown constructor");
  }

  // Puts `name` in front of the path; always false, for unwinding.
  bool under(std::string_view name) {
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
