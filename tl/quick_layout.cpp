// The fields of an object that did not stand in the order of the scheme, or not all of them: their
// bytes once more, in its order, with what stands for those that are absent.
#include <bit>

#include "tl/drawn_number.hpp"
#include "tl/quick_object.hpp"
#include "tl/reader.hpp"

namespace tl {

QuickEncoder::Spot QuickEncoder::lay_out(Object& object, std::uint64_t expected, Spot spot) {
  const auto& combinator = object.combinator;
  const auto size = buffer_.size(spot.to) - object.begin;
  if (size > may_move_) return {};
  may_move_ -= size;
  // Which long is the first that looks rounded, which name the first that is lacking, and which
  // number was drawn first is told by the order of the scheme.
  if (object.moved && (encoding_.rounded.has_value() != object.was_rounded ||
                       encoding_.lacking.size() != object.lacking)) {
    return {};
  }
  if (encoding_.drawn.size() != object.drawn) return {};
  const auto* const from = buffer_.place(object.begin);
  scratch_.assign(from, from + size);
  spot.to = buffer_.place(object.begin);
  for (auto left = expected; left != 0; left &= left - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(left));
    const auto& field = combinator.fields[index];
    if (field.is_flags) {
      spot.to = buffer_.put(object.flags[field.word], spot.to);
    } else if (field.type.kind == Kind::true_bit) {
      continue;
    } else if ((object.set & Object::bit(index)) != 0) {
      const auto [begin, length] = object.parts[index];
      spot.to = buffer_.reserve(length, spot.to);
      if (length != 0) std::memcpy(spot.to, scratch_.data() + begin, length);
      spot.to += length;
    } else {
      spot.to = absent(object, field, spot.to);
      if (spot.to == nullptr) return {};
    }
  }
  return spot;
}

// What may be left out and takes no object; null where it is something else.
std::uint8_t* QuickEncoder::absent(const Object& object, const Field& field, std::uint8_t* to) {
  if (!options_.defaults) return nullptr;
  if (field.absent == Absent::zero) {
    return field.type.kind == Kind::int64 ? buffer_.put(std::int64_t{0}, to)
                                          : buffer_.put(std::int32_t{0}, to);
  }
  if (field.absent != Absent::random || options_.random == nullptr) return nullptr;
  return draw(object, field, to);
}

// A number that is no zero, or as many as there are ids.
std::uint8_t* QuickEncoder::draw(const Object& object, const Field& field, std::uint8_t* to) {
  const auto next = [&] { return drawn_number(*options_.random); };
  if (field.type.kind == Kind::int32) {
    const auto drawn = static_cast<std::int32_t>(next());
    encoding_.drawn.push_back(drawn);
    return buffer_.put(drawn, to);
  }
  std::uint32_t count = 1;
  if (field.type.kind == Kind::vector) {
    count = 0;
    for (std::size_t i = 0; i < object.combinator.fields.size(); ++i) {
      const auto& other = object.combinator.fields[i];
      if (other.name != "id" || (object.set & Object::bit(i)) == 0) continue;
      if (other.type.kind != Kind::vector) return nullptr;
      const auto head = other.type.bare_vector ? 0U : 4U;
      std::memcpy(&count, scratch_.data() + object.parts[i].begin + head, sizeof count);
    }
    if (!field.type.bare_vector) to = buffer_.put(vector_id, to);
    to = buffer_.put(count, to);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    encoding_.drawn.push_back(next());
    to = buffer_.put(encoding_.drawn.back(), to);
  }
  return to;
}

}  // namespace tl
