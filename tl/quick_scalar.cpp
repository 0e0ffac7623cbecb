// Numbers, text, bytes and vectors of the quick encoder.
#include "tl/base64.hpp"
#include "tl/numbers.hpp"
#include "tl/quick_encoder.hpp"
#include "tl/reader.hpp"
#include "tl/rounded.hpp"
#include "tl/utf8.hpp"

namespace tl {
namespace {

constexpr std::size_t max_string = (1U << 24) - 1;
constexpr std::size_t longest_short = 253;  // with its length in one byte

// The length of a string at `to`, which has room; behind it.
std::uint8_t* put_length(std::size_t size, std::uint8_t* to) {
  if (size <= longest_short) {
    *to = static_cast<std::uint8_t>(size);
    return to + 1;
  }
  return ByteBuffer::put_behind(static_cast<std::uint32_t>(254 | size << 8), to);
}

// Zeros up to a whole word; four bytes may be written.
std::uint8_t* put_padding(std::size_t size, std::uint8_t* to) {
  const auto taken = size + (size <= longest_short ? 1 : 4);
  ByteBuffer::put_behind(std::uint32_t{0}, to);
  return to + (0 - taken) % 4;
}

}  // namespace

QuickEncoder::Spot QuickEncoder::value(TypeRef due, const Step* field, Spot spot, int depth) {
  switch (due.kind) {
    case Kind::nat:
      return nat(spot);
    case Kind::int32:
      return int32(spot);
    case Kind::int64:
      return int64(field, spot);
    case Kind::float64:
      return float64(spot);
    case Kind::string:
      return text(spot);
    case Kind::bytes:
      return base64(spot, 0);
    case Kind::int128:
      return base64(spot, 16);
    case Kind::int256:
      return base64(spot, 32);
    case Kind::boolean:
      return boolean(spot);
    case Kind::vector:
      return vector(due, field, spot, depth);
    case Kind::boxed:
      return boxed(due, spot, depth);
    case Kind::true_bit:
    case Kind::bare:
    case Kind::any:
      break;
  }
  return {};
}

QuickEncoder::Spot QuickEncoder::vector(TypeRef due, const Step* field, Spot spot, int depth) {
  spot.at = scan_.take('[', spot.at);
  if (spot.at == nullptr || depth >= max_depth) return {};
  if (!due.bare_vector) spot.to = buffer_.put(vector_id, spot.to);
  const auto counted = buffer_.size(spot.to);
  spot.to = buffer_.put(std::uint32_t{0}, spot.to);
  const auto item = schema_.element(due.index);
  std::uint32_t count = 0;
  spot.at = scan_.skip_blank(spot.at);
  while (scan_.peek(spot.at) != ']') {
    if (count != 0) spot.at = scan_.take(',', spot.at);
    if (spot.at == nullptr || buffer_.size(spot.to) > options_.longest) return {};
    spot = value(item, field, {scan_.skip_blank(spot.at), spot.to}, depth + 1);
    if (spot.at == nullptr) return {};
    spot.at = scan_.skip_blank(spot.at);
    ++count;
  }
  ByteBuffer::put_behind(count, buffer_.place(counted));
  return {spot.at + 1, spot.to};
}

QuickEncoder::Spot QuickEncoder::int32(Spot spot) {
  std::int64_t number = 0;
  spot.at = scan_.integer(spot.at, number);
  if (spot.at == nullptr || number < INT32_MIN || number > INT32_MAX) return {};
  return {spot.at, buffer_.put(static_cast<std::int32_t>(number), spot.to)};
}

QuickEncoder::Spot QuickEncoder::nat(Spot spot) {
  std::int64_t number = 0;
  spot.at = scan_.integer(spot.at, number);
  if (spot.at == nullptr || number < 0 || number > UINT32_MAX) return {};
  return {spot.at, buffer_.put(static_cast<std::uint32_t>(number), spot.to)};
}

// As a number, or as the plain notation has it, in quotes.
QuickEncoder::Spot QuickEncoder::int64(const Step* field, Spot spot) {
  std::int64_t number = 0;
  if (scan_.peek(spot.at) == '"') {
    spot.at = scan_.integer(spot.at + 1, number);
    if (spot.at != nullptr) spot.at = scan_.take('"', spot.at);
  } else {
    spot.at = scan_.integer(spot.at, number);
    if (!is_exact_in_double(number)) [[unlikely]] {
      look_for_rounding(number, field);
    }
  }
  if (spot.at == nullptr) return {};
  return {spot.at, buffer_.put(number, spot.to)};
}

// Of what a client has from an answer, as the thorough way does it.
void QuickEncoder::look_for_rounding(std::int64_t number, const Step* field) {
  if (encoding_.rounded || !looks_rounded(number)) return;
  if (is_of_answers(field->name())) {
    encoding_.rounded = Encoding::Rounded{number, std::string(field->name())};
  }
}

QuickEncoder::Spot QuickEncoder::float64(Spot spot) {
  std::string_view number;
  spot.at = scan_.number(spot.at, number);
  if (spot.at == nullptr) return {};
  const auto read = parse_double(number);
  if (!read) return {};
  return {spot.at, buffer_.put(*read, spot.to)};
}

// It is copied block by block while its end is looked for, behind one byte for its length; one that
// turns out longer is moved.
QuickEncoder::Spot QuickEncoder::text(Spot spot) {
  constexpr std::size_t slack = TextBlock::size + 8;
  auto [at, to] = spot;
  if (scan_.peek(at) != '"') return {};
  const auto* const from = ++at;
  const auto begin = buffer_.size(to);
  to = buffer_.reserve(1 + slack, to) + 1;
  TextBlock seen;
  while (true) {
    const auto among = std::min(scan_.left(at), TextBlock::size);
    if (among == 0) return {};
    const auto block = among == TextBlock::size ? TextBlock(at) : TextBlock(at, among);
    block.store(reinterpret_cast<char*>(to));
    seen |= block;
    const auto plain = block.plain(among);
    if (plain == among) {  // a number that does not wait for what was found
      at += among;
      to = buffer_.reserve(slack, to + among);
      continue;
    }
    at += plain;
    to += plain;
    if (*at == '"') break;
    if (*at != '\\') return {};
    at = scan_.escape(at + 1, to);
    if (at == nullptr) return {};
    to = buffer_.reserve(slack, to);
  }
  const std::string_view raw(from, static_cast<std::size_t>(at - from));
  if (!seen.ascii() && !is_utf8(raw)) return {};
  auto* const head = buffer_.place(begin);
  const auto size = static_cast<std::size_t>(to - head) - 1;
  if (size > max_string) return {};
  if (size > longest_short) {
    std::memmove(head + 4, head + 1, size);
    to += 3;
  }
  put_length(size, head);
  return {at + 1, put_padding(size, to)};
}

// `size` 0: of any length, with a length in front.
QuickEncoder::Spot QuickEncoder::base64(Spot spot, std::size_t size) {
  std::string_view digits;
  spot.at = scan_.plain_string(spot.at, digits);
  if (spot.at == nullptr || base64_decoded_size(digits) > max_string) return {};
  scratch_.clear();
  if (!decode_base64(digits, scratch_) || (size != 0 && scratch_.size() != size)) return {};
  auto* to = buffer_.reserve(scratch_.size() + 8, spot.to);
  if (size == 0) to = put_length(scratch_.size(), to);
  if (!scratch_.empty()) std::memcpy(to, scratch_.data(), scratch_.size());
  to += scratch_.size();
  return {spot.at, size == 0 ? put_padding(scratch_.size(), to) : to};
}

QuickEncoder::Spot QuickEncoder::boolean(Spot spot) {
  constexpr std::string_view yes = R"({"_cons":"boolTrue"})", no = R"({"_cons":"boolFalse"})";
  const bool named = scan_.peek(spot.at) == '{';
  if (const auto* at = scan_.take(named ? yes : "true", spot.at)) {
    return {at, buffer_.put(bool_true_id, spot.to)};
  }
  return {scan_.take(named ? no : "false", spot.at), buffer_.put(bool_false_id, spot.to)};
}

const char* QuickEncoder::true_bit(const char* at, bool& set) const {
  set = scan_.peek(at) != 'f';
  if (!set) return scan_.take("false", at);
  return scan_.take(scan_.peek(at) == 't' ? "true" : R"({"_cons":"true"})", at);
}

}  // namespace tl
