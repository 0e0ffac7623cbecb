// A JSON value in an arena: what a client wrote, or what a decoder made of TL bytes.
//
// It is a view: strings, arrays and members live in the arena (or in text that outlives it), the
// Value itself is 16 bytes and is copied freely. A number keeps its own text until somebody
// knows which TL type is due, so that 64-bit integers and doubles are exact.
// `bytes` never come from JSON text; the decoder's value sink makes them, and the encoder takes
// them where TL bytes are due.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tl/bytes.hpp"

namespace tl {

using Arena = std::pmr::memory_resource;

struct Member;

class Value {
 public:
  enum class Kind : std::uint8_t {
    null,
    boolean,
    integer,
    real,
    number,
    string,
    bytes,
    array,
    object
  };

  Value() = default;
  static Value boolean(bool);
  static Value integer(std::int64_t);
  static Value real(double);
  // `text` is a JSON number, kept as it was written; it must outlive the value.
  static Value number(std::string_view text);
  static Value string(std::string_view);  // viewed, not copied
  static Value bytes(ByteView);           // viewed, not copied
  static Value array(std::span<const Value>);
  static Value object(std::span<const Member>);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_string() const { return kind_ == Kind::string; }

  bool as_bool() const { return kind_ == Kind::boolean && integer_ != 0; }
  // string, number (its text)
  std::string_view text() const;
  ByteView as_bytes() const;
  std::span<const Value> items() const;
  std::span<const Member> members() const;

  // An integer, a number that is one by its value (Integral), or a decimal string, within int64
  // (as_int64) or uint64 (as_uint64).
  std::optional<std::int64_t> as_int64() const;
  std::optional<std::uint64_t> as_uint64() const;
  std::optional<double> as_double() const;

  // The last member of that name (of a key given twice the last counts), or null where there is
  // none or this is no object. A reference into the arena, or to a static null.
  const Value& operator[](std::string_view key) const;
  const Value* find(std::string_view key) const;

  // `_cons`, or "".
  std::string_view constructor() const;

 private:
  Kind kind_ = Kind::null;
  std::uint32_t size_ = 0;
  union {
    const void* pointer_ = nullptr;
    std::int64_t integer_;
    double real_;
  };
};

struct Member {
  std::string_view key;
  Value value;
};

// Makes values whose parts live in `arena`. Strings given to it are copied into the arena.
class Builder {
 public:
  explicit Builder(Arena& arena) : arena_(arena) {}

  Value string(std::string_view) const;
  Value bytes(ByteView) const;
  Value array(std::span<const Value>) const;
  Value array(std::initializer_list<Value>) const;
  Value object(std::span<const Member>) const;  // keys are copied too
  Value object(std::initializer_list<Member>) const;
  // {"_cons": constructor, members…}
  Value object(std::string_view constructor, std::initializer_list<Member>) const;
  // `object` with `members` put in place of, or after, its own.
  Value with(const Value& object, std::initializer_list<Member> members) const;
  // A deep copy.
  Value copy(const Value&) const;

  Arena& arena() const { return arena_; }

 private:
  Arena& arena_;
};

// Appends `value` as compact UTF-8 JSON: numbers with their own text, `bytes` in base64, keys in
// the order in which they stand.
void write_json(const Value& value, std::string& out);

// Appends `text` as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
void write_json_string(std::string_view text, std::string& out);

}  // namespace tl
