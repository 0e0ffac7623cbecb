// Walks a value by the scheme and appends TL bytes. The other direction is decoder.hpp.
// encoder.cpp: objects and their fields · encode_scalar.cpp: numbers, text, bytes ·
// encode_absent.cpp: what a request may leave out · encode_peer.cpp: "me" and "@name".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tl/codec.hpp"
#include "tl/json_pointer.hpp"
#include "tl/writer.hpp"

namespace tl {

class Encoder {
 public:
  Encoder(const Schema& schema, const EncodeOptions& options, Bytes& out)
      : schema_(schema), options_(options), writer_(out), out_(out) {}

  // A boxed function or object.
  bool whole(const Value& value);
  bool value(TypeRef due, const Value& value, const Place& place);

  Encoding& encoding() { return encoding_; }
  Problem& problem() { return problem_; }

 private:
  // Bits by fields; only those of the combinator's blocks are looked at.
  using FieldSet = std::array<std::uint64_t, Combinator::max_fields / 64>;
  using Words = std::array<std::uint32_t, Combinator::max_words + 1>;
  // What may stand where an object is due.
  enum class Wanted : std::uint8_t { type, object, function, anything };

  // encoder.cpp
  bool boxed(TypeRef due, const Value& value, const Place& place);
  bool any(Wanted wanted, const Value& value, const Place& place);
  bool bare(const Combinator& combinator, const Value& value, const Place& place);
  bool vector(TypeRef due, const Value& value, const Place& place);
  bool fields(const Combinator& combinator, const Value& value, const Place& place);
  bool match(const Combinator& combinator, const Value& value, const Place& place, std::size_t base,
             FieldSet& given);
  bool count_flags(const Combinator& combinator, const Place& place, std::size_t base,
                   FieldSet& given, Words& words);
  bool write(const Combinator& combinator, const Place& place, std::size_t base,
             const Words& words);
  const Member* name_of(const Value& value, TypeRef due, Wanted wanted, const Place& place);

  // encode_scalar.cpp
  bool int32(const Value& value, const Place& place);
  bool nat(const Value& value, const Place& place);
  bool int64(const Value& value, const Place& place);
  void look_for_rounding(std::int64_t number, const Place& place);
  bool float64(const Value& value, const Place& place);
  bool text(const Value& value, const Place& place);
  bool base64(const Value& value, const Place& place, std::string_view type, std::size_t size);
  bool boolean(const Value& value, const Place& place);
  bool true_bit(const Value& value, const Place& place, bool& set);
  bool not_an_integer(const Value& value, std::string_view type, const Place& place);

  // encode_absent.cpp
  bool absent(const Combinator& combinator, const Field& field, const Place& place,
              std::size_t base);
  bool draw(const Combinator& combinator, const Field& field, std::size_t base);

  // encode_peer.cpp
  bool peer(TypeRef due, const Value& value, const Place& place);
  bool is_peer(TypeRef due) const;
  bool write_peer(TypeRef due, const Peer& peer, std::string_view name, const Place& place);

  // encode_problem.cpp
  bool wrong_type(const Place& place, std::string text);
  bool wrong_scheme(const Place& place, std::string text);
  bool too_long(const Place& place);
  bool expected(std::string_view type, const Value& value, const Place& place);
  bool unknown_name(std::string_view name, TypeRef due, Wanted wanted, const Place& place);
  bool unknown_field(const Combinator& combinator, std::string_view key, const Place& place);
  std::string due_name(TypeRef due, Wanted wanted) const;

  const Schema& schema_;
  const EncodeOptions& options_;
  Writer writer_;
  Bytes& out_;
  Encoding encoding_;
  Problem problem_;
  // Which member goes into which field; a stack, each object's part begins at its `base`.
  std::vector<const Member*> slots_;
};

// The items of an array, or of {"_cons":"vector","_items":[…]}; null where it is neither. An empty
// object is an empty array: some languages have one thing for both.
const Value* vector_items(const Value& value);

// `_cons`, `_` or `@type`: the member that names the constructor, or null.
const Member* constructor_member(const Value& value);

}  // namespace tl
