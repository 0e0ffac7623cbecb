// What the decoder sees, as values in an arena. Strings and bytes are views into the bytes read,
// keys views into the scheme.
#pragma once

#include <cstdint>
#include <new>
#include <string_view>
#include <vector>

#include "tl/schema.hpp"
#include "tl/value.hpp"

namespace tl {

class ValueSink {
 public:
  explicit ValueSink(Arena& arena) : arena_(arena) {}

  struct Mark {
    std::size_t values = 0;
    std::size_t keys = 0;
  };

  Value take() const { return values_.back(); }

  void nat(std::uint32_t value) { put(Value::integer(value)); }
  void int32(std::int32_t value) { put(Value::integer(value)); }
  void int64(std::int64_t value) { put(Value::integer(value)); }
  void float64(double value) { put(Value::real(value)); }
  void string(std::string_view value) { put(Value::string(value)); }
  void bytes(ByteView value) { put(Value::bytes(value)); }
  void boolean(bool value) { put(Value::boolean(value)); }
  void true_bit() { put(Value::boolean(true)); }

  Mark begin_object(const Combinator& combinator) {
    const Mark mark{values_.size(), keys_.size()};
    keys_.push_back("_cons");
    put(Value::string(combinator.name));
    return mark;
  }
  void field(const Step& step) { keys_.push_back(step.name()); }
  void int32_field(const Step& step, std::int32_t value) {
    field(step);
    int32(value);
  }
  void int64_field(const Step& step, std::int64_t value) {
    field(step);
    int64(value);
  }
  void end_object(Mark mark) {
    const auto count = values_.size() - mark.values;
    auto* to = static_cast<Member*>(arena_.allocate(count * sizeof(Member), alignof(Member)));
    for (std::size_t i = 0; i < count; ++i) {
      new (to + i) Member{keys_[mark.keys + i], values_[mark.values + i]};
    }
    values_.resize(mark.values);
    keys_.resize(mark.keys);
    put(Value::object({to, count}));
  }

  Mark begin_array(std::uint32_t) { return {values_.size(), keys_.size()}; }
  void item(std::uint32_t) {}
  void end_array(Mark mark) {
    const auto count = values_.size() - mark.values;
    auto* to = static_cast<Value*>(arena_.allocate(count * sizeof(Value), alignof(Value)));
    for (std::size_t i = 0; i < count; ++i) new (to + i) Value(values_[mark.values + i]);
    values_.resize(mark.values);
    put(Value::array({to, count}));
  }

  void begin_answer_vector() {}
  void end_answer_vector() {}
  static std::string_view answer_vector_path() { return ""; }

 private:
  void put(const Value& value) { values_.push_back(value); }

  Arena& arena_;
  std::vector<Value> values_;
  std::vector<std::string_view> keys_;
};

}  // namespace tl
