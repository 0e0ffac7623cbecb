#include "tl/quick_encoder.hpp"

#include <algorithm>
#include <bit>

#include "tl/encode_quickly.hpp"
#include "tl/encoder.hpp"
#include "tl/name_tag.hpp"
#include "tl/quick_object.hpp"
#include "tl/utf8.hpp"

namespace tl {
namespace {

constexpr auto identity = [] {
  std::array<std::uint8_t, 65> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  return all;
}();

// Its bytes, at most four times as many, are counted in 32 bits.
constexpr std::size_t longest_text = std::size_t{1} << 29;

// Bytes mostly take less room than their text.
constexpr std::size_t likely(std::size_t text) { return text / 2 + 128; }

}  // namespace

QuickEncoder::QuickEncoder(const Schema& schema, const EncodeOptions& options,
                           std::string_view text, Bytes& out)
    : schema_(schema),
      options_(options),
      scan_(text),
      buffer_(out, likely(text.size())),
      may_move_(4096 + 4 * text.size()) {}

bool QuickEncoder::whole() {
  if (scan_.left(scan_.begin()) > longest_text) return false;
  std::string_view name;
  Spot spot{constructor_name(scan_.skip_blank(scan_.begin()), name), buffer_.begin()};
  if (spot.at == nullptr) return false;
  const auto* combinator = schema_.function_by_name(name);
  if (combinator == nullptr) combinator = schema_.constructor_by_name(name);
  if (combinator == nullptr) return false;
  spot.to = buffer_.put(combinator->id, spot.to);
  spot = fields(*combinator, spot, 0);
  if (spot.at == nullptr || scan_.skip_blank(spot.at) != scan_.end()) return false;
  if (buffer_.size(spot.to) > options_.longest) return false;
  encoding_.combinator = encoding_.innermost = combinator;
  encoding_.result = combinator->result;
  buffer_.finish(spot.to);
  return true;
}

// `{"_cons":"name"`, with blanks anywhere.
const char* QuickEncoder::constructor_name(const char* at, std::string_view& name) const {
  at = scan_.take('{', at);
  if (at == nullptr) return nullptr;
  std::string_view key;
  at = scan_.plain_string(scan_.skip_blank(at), key);
  if (at == nullptr || (key != "_cons" && key != "_" && key != "@type")) return nullptr;
  at = scan_.take(':', scan_.skip_blank(at));
  return at != nullptr ? scan_.plain_string(scan_.skip_blank(at), name) : nullptr;
}

QuickEncoder::Spot QuickEncoder::boxed(TypeRef due, Spot spot, int depth) {
  auto& guess = guesses_[due.index % guesses_.size()];
  const bool known = guess.combinator != nullptr && guess.type == due.index;
  const char* at = known ? scan_.take(guess.combinator->head, 0, spot.at) : nullptr;
  if (at == nullptr) {
    if (scan_.peek(spot.at) == '"') return peer(due, spot);
    std::string_view name;
    at = constructor_name(spot.at, name);
    if (at == nullptr) return {};
    const auto* combinator = schema_.constructor_by_name(name);
    if (combinator == nullptr || combinator->result != due) return {};
    guess = {due.index, combinator};
  }
  const auto& combinator = *guess.combinator;
  return fields(combinator, {at, buffer_.put(combinator.id, spot.to)}, depth);
}

// "me" or "@name" where a peer is due: as the thorough way does it, who looks it up.
QuickEncoder::Spot QuickEncoder::peer(TypeRef due, Spot spot) {
  std::string_view name;
  spot.at = scan_.plain_string(spot.at, name);
  if (spot.at == nullptr || !is_utf8(name)) return {};
  scratch_.clear();
  Encoder thorough(schema_, options_, scratch_);
  if (!thorough.value(due, Value::string(name), Place{})) return {};
  auto& told = thorough.encoding();
  if (told.rounded && !encoding_.rounded) encoding_.rounded = std::move(told.rounded);
  auto& lacking = encoding_.lacking;
  for (auto& other : told.lacking) {
    if (lacking.size() < Encoding::max_lacking &&
        std::ranges::find(lacking, other) == lacking.end()) {
      lacking.push_back(std::move(other));
    }
  }
  spot.to = buffer_.reserve(scratch_.size(), spot.to);
  return {spot.at, std::ranges::copy(scratch_, spot.to).out};
}

QuickEncoder::Order& QuickEncoder::order_of(const Combinator& combinator) {
  auto& order = orders_[combinator.id % orders_.size()];
  if (order.of != &combinator) {
    order.of = &combinator;
    order.next = identity;
  }
  return order;
}

// From behind its name to behind its end.
QuickEncoder::Spot QuickEncoder::fields(const Combinator& combinator, Spot spot, int depth) {
  if (depth >= max_depth || combinator.blocks > 1 || combinator.nested_flags ||
      combinator.generic || buffer_.size(spot.to) > options_.longest) {
    return {};
  }
  Object object(combinator);
  object.begin = buffer_.size(spot.to);
  object.was_rounded = encoding_.rounded.has_value();
  object.drawn = encoding_.drawn.size();
  object.lacking = encoding_.lacking.size();
  auto& order = order_of(combinator);
  for (std::size_t last = 0;;) {
    spot.at = scan_.skip_blank(spot.at);
    if (scan_.peek(spot.at) == '}') break;
    if (scan_.peek(spot.at) != ',') return {};
    std::size_t index = 0;
    spot.at = key(combinator, order, last, scan_.skip_blank(spot.at + 1), index);
    if (spot.at == nullptr) return {};
    spot = member(object, index, {scan_.skip_blank(spot.at), spot.to}, depth);
    if (spot.at == nullptr) return {};
    last = index + 1;
  }
  ++spot.at;
  return close(object, spot);
}

// `"name":`, of a field. As the thorough way does it: of two of one name the first behind the one
// before, or the first.
const char* QuickEncoder::key(const Combinator& combinator, Order& order, std::size_t last,
                              const char* at, std::size_t& index) {
  const auto& steps = combinator.steps;
  index = order.next[last];
  const bool known = order.of == &combinator && index < steps.size();
  if (known && !steps[index].is_flags()) {
    constexpr std::size_t comma = 1;
    if (const auto* behind = scan_.take(steps[index].key(), comma, at)) return behind;
  }
  std::string_view name;
  at = scan_.plain_string(at, name);
  if (at == nullptr) return nullptr;
  const auto count = steps.size();
  const auto tag = name_tag(name);
  const auto fits = [&](std::size_t field) {
    return combinator.tags[field] == tag && combinator.fields[field].name == name;
  };
  index = last;
  while (index < count && !fits(index)) ++index;
  if (index == count) {
    index = 0;
    while (index < last && !fits(index)) ++index;
    if (index == last) return nullptr;
  }
  if (steps[index].is_flags()) return nullptr;
  if (order.of == &combinator) order.next[last] = static_cast<std::uint8_t>(index);
  return scan_.take(':', scan_.skip_blank(at));
}

QuickEncoder::Spot QuickEncoder::member(Object& object, std::size_t index, Spot spot, int depth) {
  const auto bit = Object::bit(index);
  if ((object.seen & bit) != 0) return {};
  object.seen |= bit;
  if (scan_.peek(spot.at) == 'n') return {scan_.take("null", spot.at), spot.to};
  const auto& step = object.combinator.steps[index];
  const auto& field = object.combinator.fields[index];
  if (step.kind == Kind::true_bit) {
    bool set = false;
    spot.at = field.gate != 0 ? true_bit(spot.at, set) : nullptr;
    (set ? object.set : object.refused) |= bit;
    if (set) object.flags[field.gate] |= 1U << field.bit;
    return spot;
  }
  if (index >= object.next) {
    const auto between = object.always & (bit - 1) & ~(Object::bit(object.next) - 1);
    for (auto left = between; left != 0; left &= left - 1) {
      const auto& passed =
          object.combinator.steps[static_cast<std::size_t>(std::countr_zero(left))];
      if (passed.is_flags()) {
        object.words[object.word_count++] = {&passed, buffer_.size(spot.to)};
        spot.to = buffer_.put(std::uint32_t{0}, spot.to);
      } else if (passed.kind != Kind::true_bit) {
        object.gap = true;
      }
    }
    object.next = index + 1;
  } else {
    object.moved = true;
  }
  const auto begin = buffer_.size(spot.to);
  spot = value(field.type, &step, spot, depth + 1);
  if (spot.at == nullptr) return {};
  object.parts[index] = {static_cast<std::uint32_t>(begin - object.begin),
                         static_cast<std::uint32_t>(buffer_.size(spot.to) - begin)};
  object.set |= bit;
  object.flags[field.gate] |= 1U << field.bit;
  return spot;
}

// Its flags, once all members were seen.
QuickEncoder::Spot QuickEncoder::close(Object& object, Spot spot) {
  const auto& combinator = object.combinator;
  auto expected = object.always;
  for (auto left = object.always & ~object.set; left != 0; left &= left - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(left));
    const auto& step = combinator.steps[index];
    if (!step.is_flags()) {
      if (step.kind != Kind::true_bit) object.gap = true;
      continue;
    }
    const auto word = object.flags[combinator.fields[index].word];
    for (auto bits = word; bits != 0; bits &= bits - 1) {
      expected |= combinator.masks[step.index + static_cast<std::size_t>(std::countr_zero(bits))];
    }
    if (index >= object.next) {
      object.words[object.word_count++] = {&step, buffer_.size(spot.to)};
      spot.to = buffer_.put(std::uint32_t{0}, spot.to);
    }
  }
  // Of several fields that hang on one flag, all are there or none.
  if ((object.refused & expected) != 0) return {};
  for (auto left = expected & ~object.set & ~object.always; left != 0; left &= left - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(left));
    if (combinator.steps[index].kind != Kind::true_bit) return {};
  }
  if (!object.in_place()) return lay_out(object, expected, spot);
  for (std::size_t i = 0; i < object.word_count; ++i) {
    const auto& [step, at] = object.words[i];
    const auto field = static_cast<std::size_t>(step - combinator.steps.data());
    ByteBuffer::put_behind(object.flags[combinator.fields[field].word], buffer_.place(at));
  }
  return spot;
}

std::optional<Encoding> encode_quickly(const Schema& schema, std::string_view text,
                                       const EncodeOptions& options, Bytes& out) {
  QuickEncoder encoder(schema, options, text, out);
  if (!encoder.whole()) return std::nullopt;
  return std::move(encoder.encoding());
}

}  // namespace tl
