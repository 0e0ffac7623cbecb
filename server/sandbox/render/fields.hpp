// Puts a TL object together, member by member, without a trip to the heap.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "tl/value.hpp"

namespace server::sandbox {

class Fields {
 public:
  Fields(const tl::Builder& make, std::string_view constructor) : make_(make) {
    set("_cons", tl::Value::string(constructor));
  }

  Fields& set(std::string_view name, tl::Value value) {
    if (count_ < members_.size()) members_[count_++] = {name, value};
    return *this;
  }
  Fields& text(std::string_view name, std::string_view value) {
    return set(name, make_.string(value));
  }
  Fields& number(std::string_view name, std::int64_t value) {
    return set(name, tl::Value::integer(value));
  }
  // A field of type `true`.
  Fields& flag(std::string_view name, bool there = true) {
    return there ? set(name, tl::Value::boolean(true)) : *this;
  }
  // A field of type Bool.
  Fields& boolean(std::string_view name, bool value) {
    return set(name, tl::Value::boolean(value));
  }
  tl::Value done() const { return make_.object(std::span(members_).first(count_)); }

 private:
  const tl::Builder& make_;
  std::array<tl::Member, 72> members_{};
  std::size_t count_ = 0;
};

}  // namespace server::sandbox
