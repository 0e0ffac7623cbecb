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

  struct Place {};  // a value is put behind the others, wherever that is
  struct Mark {
    std::size_t values = 0;
    std::size_t keys = 0;
  };

  Value take() const { return values_.back(); }

  Mark mark() const { return {values_.size(), keys_.size()}; }

  Place nat(std::uint32_t value, Place) { return put(Value::integer(value)); }
  Place int32(std::int32_t value, Place) { return put(Value::integer(value)); }
  Place int64(std::int64_t value, Place) { return put(Value::integer(value)); }
  Place float64(double value, Place) { return put(Value::real(value)); }
  Place string(std::string_view value, std::size_t, Place) { return put(Value::string(value)); }
  Place bytes(ByteView value, Place) { return put(Value::bytes(value)); }
  Place boolean(bool value, Place) { return put(Value::boolean(value)); }
  Place true_bit(Place) { return put(Value::boolean(true)); }

  Place begin_object(const Combinator& combinator, Place) {
    keys_.push_back("_cons");
    return put(Value::string(combinator.name));
  }
  Place field(const Step& step, Place) {
    keys_.push_back(step.name());
    return {};
  }
  Place end_object(Mark mark, Place) {
    const auto count = values_.size() - mark.values;
    auto* to = static_cast<Member*>(arena_.allocate(count * sizeof(Member), alignof(Member)));
    for (std::size_t i = 0; i < count; ++i) {
      new (to + i) Member{keys_[mark.keys + i], values_[mark.values + i]};
    }
    values_.resize(mark.values);
    keys_.resize(mark.keys);
    return put(Value::object({to, count}));
  }

  Place begin_array(Place) { return {}; }
  Place item(std::uint32_t, Place) { return {}; }
  Place end_array(Mark mark, Place) {
    const auto count = values_.size() - mark.values;
    auto* to = static_cast<Value*>(arena_.allocate(count * sizeof(Value), alignof(Value)));
    for (std::size_t i = 0; i < count; ++i) new (to + i) Value(values_[mark.values + i]);
    values_.resize(mark.values);
    return put(Value::array({to, count}));
  }

  Place begin_answer_vector(Place) { return {}; }
  Place end_answer_vector(Place) { return {}; }
  static std::string_view answer_vector_path() { return ""; }

 private:
  Place put(const Value& value) {
    values_.push_back(value);
    return {};
  }

  Arena& arena_;
  std::vector<Value> values_;
  std::vector<std::string_view> keys_;
};

}  // namespace tl
