#include <new>

#include "tl/kept.hpp"
#include "tl/value.hpp"

namespace tl {
namespace {

template <class T>
T* reserve(Arena& arena, std::size_t count) {
  return static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
}

}  // namespace

Value Builder::string(std::string_view text) const {
  return Value::string(kept_text(arena_, text));
}

Value Builder::bytes(ByteView view) const {
  return Value::bytes(tl::as_bytes(kept_text(arena_, as_text(view))));
}

Value Builder::array(std::span<const Value> items) const {
  auto* to = reserve<Value>(arena_, items.size());
  for (std::size_t i = 0; i < items.size(); ++i) new (to + i) Value(items[i]);
  return Value::array({to, items.size()});
}

Value Builder::array(std::initializer_list<Value> items) const {
  return array(std::span<const Value>(items.begin(), items.size()));
}

Value Builder::object(std::span<const Member> members) const {
  auto* to = reserve<Member>(arena_, members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    new (to + i) Member{kept_text(arena_, members[i].key), members[i].value};
  }
  return Value::object({to, members.size()});
}

Value Builder::object(std::initializer_list<Member> members) const {
  return object(std::span<const Member>(members.begin(), members.size()));
}

Value Builder::object(std::string_view constructor, std::initializer_list<Member> members) const {
  auto* to = reserve<Member>(arena_, members.size() + 1);
  new (to) Member{"_cons", string(constructor)};
  std::size_t count = 1;
  for (const auto& member : members) {
    new (to + count++) Member{kept_text(arena_, member.key), member.value};
  }
  return Value::object({to, count});
}

Value Builder::with(const Value& object, std::initializer_list<Member> members) const {
  const auto old = object.members();
  auto* to = reserve<Member>(arena_, old.size() + members.size());
  std::size_t count = 0;
  for (const auto& member : old) new (to + count++) Member(member);
  for (const auto& member : members) {
    std::size_t place = count;
    for (std::size_t i = 0; i < count; ++i) {
      if (to[i].key == member.key) place = i;
    }
    if (place == count) {
      new (to + count++) Member{kept_text(arena_, member.key), member.value};
    } else {
      to[place].value = member.value;
    }
  }
  return Value::object({to, count});
}

Value Builder::copy(const Value& value) const {
  switch (value.kind()) {
    case Value::Kind::number:
      return Value::number(kept_text(arena_, value.text()));
    case Value::Kind::string:
      return string(value.text());
    case Value::Kind::bytes:
      return bytes(value.as_bytes());
    case Value::Kind::array: {
      const auto items = value.items();
      auto* to = reserve<Value>(arena_, items.size());
      for (std::size_t i = 0; i < items.size(); ++i) new (to + i) Value(copy(items[i]));
      return Value::array({to, items.size()});
    }
    case Value::Kind::object: {
      const auto members = value.members();
      auto* to = reserve<Member>(arena_, members.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        new (to + i) Member{kept_text(arena_, members[i].key), copy(members[i].value)};
      }
      return Value::object({to, members.size()});
    }
    default:
      return value;
  }
}

}  // namespace tl
