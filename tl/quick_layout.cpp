// The fields of an object that did not stand in the order of the scheme, or not all of them: their
// bytes once more, in its order, with what stands for those that are absent.
#include <bit>

#include "tl/quick_object.hpp"

namespace tl {

QuickEncoder::Spot QuickEncoder::lay_out(Object& object, std::uint64_t expected, Spot spot) {
  const auto& combinator = object.combinator;
  const auto size = buffer_.size(spot.to) - object.begin;
  if (size > may_move_) return {};
  may_move_ -= size;
  // Which long is the first that looks rounded, and which number was drawn first, is told by the
  // order of the scheme.
  if (object.moved && encoding_.rounded.has_value() != object.was_rounded) return {};
  if (encoding_.drawn.size() != object.drawn) return {};
  const auto* const from = buffer_.place(object.begin);
  scratch_.assign(from, from + size);
  constexpr std::size_t longest_absent = 8;
  spot.to = buffer_.reserve(size + longest_absent * max_fields, buffer_.place(object.begin));
  for (auto left = expected; left != 0; left &= left - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(left));
    const auto& field = combinator.fields[index];
    if (field.is_flags) {
      spot.to = ByteBuffer::put_behind(object.flags[field.word], spot.to);
    } else if (field.type.kind == Kind::true_bit) {
      continue;
    } else if ((object.set & Object::bit(index)) != 0) {
      const auto [begin, length] = object.parts[index];
      if (length != 0) std::memcpy(spot.to, scratch_.data() + begin, length);
      spot.to += length;
    } else {
      spot.to = absent(field, spot.to);
      if (spot.to == nullptr) return {};
    }
  }
  return spot;
}

// What may be left out and takes no more than a number; null where it is something else.
std::uint8_t* QuickEncoder::absent(const Field& field, std::uint8_t* to) {
  const auto kind = field.type.kind;
  if (!options_.defaults) return nullptr;
  if (field.absent == Absent::zero) {
    return kind == Kind::int64 ? ByteBuffer::put_behind(std::int64_t{0}, to)
                               : ByteBuffer::put_behind(std::int32_t{0}, to);
  }
  if (field.absent != Absent::random || options_.random == nullptr || kind == Kind::vector) {
    return nullptr;
  }
  const auto word = static_cast<std::int64_t>(options_.random->word());
  const auto drawn = word != 0 ? word : 1;
  if (kind == Kind::int64) {
    encoding_.drawn.push_back(drawn);
    return ByteBuffer::put_behind(drawn, to);
  }
  encoding_.drawn.push_back(static_cast<std::int32_t>(drawn));
  return ByteBuffer::put_behind(static_cast<std::int32_t>(drawn), to);
}

}  // namespace tl
