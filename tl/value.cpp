#include "tl/value.hpp"

#include "tl/numbers.hpp"

namespace tl {
static_assert(sizeof(Value) == 16);

Value Value::boolean(bool value) {
  Value made;
  made.kind_ = Kind::boolean;
  made.integer_ = value ? 1 : 0;
  return made;
}

Value Value::integer(std::int64_t value) {
  Value made;
  made.kind_ = Kind::integer;
  made.integer_ = value;
  return made;
}

Value Value::real(double value) {
  Value made;
  made.kind_ = Kind::real;
  made.real_ = value;
  return made;
}

namespace {
constexpr std::uint32_t narrow(std::size_t size) { return static_cast<std::uint32_t>(size); }

// By its value, where it is not written as an integer: 4.0, 1e5.
std::optional<std::int64_t> whole(std::string_view number) {
  const auto read = read_integral(number);
  return read.kind == Integral::Kind::whole ? std::optional(read.value) : std::nullopt;
}
}  // namespace

Value Value::number(std::string_view text) {
  Value made = string(text);
  made.kind_ = Kind::number;
  return made;
}

Value Value::string(std::string_view text) {
  Value made;
  made.kind_ = Kind::string;
  made.size_ = narrow(text.size());
  made.pointer_ = text.data();
  return made;
}

Value Value::bytes(ByteView view) {
  Value made;
  made.kind_ = Kind::bytes;
  made.size_ = narrow(view.size());
  made.pointer_ = view.data();
  return made;
}

Value Value::array(std::span<const Value> items) {
  Value made;
  made.kind_ = Kind::array;
  made.size_ = narrow(items.size());
  made.pointer_ = items.data();
  return made;
}

Value Value::object(std::span<const Member> members) {
  Value made;
  made.kind_ = Kind::object;
  made.size_ = narrow(members.size());
  made.pointer_ = members.data();
  return made;
}

std::string_view Value::text() const {
  if (kind_ != Kind::string && kind_ != Kind::number) return {};
  return {static_cast<const char*>(pointer_), size_};
}

ByteView Value::as_bytes() const {
  if (kind_ != Kind::bytes) return {};
  return {static_cast<const std::uint8_t*>(pointer_), size_};
}

std::span<const Value> Value::items() const {
  if (kind_ != Kind::array) return {};
  return {static_cast<const Value*>(pointer_), size_};
}

std::span<const Member> Value::members() const {
  if (kind_ != Kind::object) return {};
  return {static_cast<const Member*>(pointer_), size_};
}

std::optional<std::int64_t> Value::as_int64() const {
  switch (kind_) {
    case Kind::integer:
      return integer_;
    case Kind::number:
      if (const auto read = parse_int64(text())) return read;
      return whole(text());
    case Kind::string:
      return parse_int64(text());
    default:
      return std::nullopt;
  }
}

std::optional<std::uint64_t> Value::as_uint64() const {
  switch (kind_) {
    case Kind::integer:
      if (integer_ < 0) return std::nullopt;
      return static_cast<std::uint64_t>(integer_);
    case Kind::number:
      if (const auto read = parse_uint64(text())) return read;
      if (const auto read = whole(text()); read && *read >= 0) {
        return static_cast<std::uint64_t>(*read);
      }
      return std::nullopt;
    case Kind::string:
      return parse_uint64(text());
    default:
      return std::nullopt;
  }
}

std::optional<double> Value::as_double() const {
  switch (kind_) {
    case Kind::integer:
      return static_cast<double>(integer_);
    case Kind::real:
      return real_;
    case Kind::number:
      return parse_double(text());
    default:
      return std::nullopt;
  }
}

const Value* Value::find(std::string_view key) const {
  const auto all = members();
  for (auto member = all.rbegin(); member != all.rend(); ++member) {
    if (member->key == key) return &member->value;
  }
  return nullptr;
}

const Value& Value::operator[](std::string_view key) const {
  static constinit const Value null{};
  const auto* found = find(key);
  return found != nullptr ? *found : null;
}

std::string_view Value::constructor() const {
  const auto& name = (*this)["_cons"];
  return name.is_string() ? name.text() : std::string_view{};
}

}  // namespace tl
