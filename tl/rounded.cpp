#include "tl/rounded.hpp"

#include <charconv>

#include "tl/shortened.hpp"

namespace tl {
namespace {

// The digits of a number without the zeros at its end, and its power of ten.
struct Digits {
  std::string text;
  std::size_t before_point = 0;
  bool operator==(const Digits&) const = default;
};

void drop_zeros(std::string& text) {
  while (text.size() > 1 && text.back() == '0') text.pop_back();
}

Digits digits_of(std::uint64_t size) {
  auto text = std::to_string(size);
  const auto before_point = text.size();
  drop_zeros(text);
  return {std::move(text), before_point};
}

// As it is written with so many digits behind the first, or as few as read back the same.
Digits digits_of(double value, int precision) {
  char buffer[64];
  const auto scientific = std::chars_format::scientific;
  auto* const room = buffer + sizeof buffer;
  const auto end = precision < 0 ? std::to_chars(buffer, room, value, scientific).ptr
                                 : std::to_chars(buffer, room, value, scientific, precision).ptr;
  const std::string_view written(buffer, static_cast<std::size_t>(end - buffer));
  const auto mark = written.find('e');
  std::string text(written.substr(0, mark));
  std::erase(text, '.');
  drop_zeros(text);
  std::size_t power = 0;
  for (const char digit : written.substr(mark + 2)) {  // behind "e+"
    power = power * 10 + static_cast<std::size_t>(digit - '0');
  }
  return {std::move(text), power + 1};
}

}  // namespace

bool looks_rounded(std::uint64_t size) {
  if (size <= static_cast<std::uint64_t>(largest_exact)) return false;
  if (has_bits_of_double(size)) return true;  // all of its digits
  if (!has_17_digits(size)) return false;
  const auto nearest = static_cast<double>(size);
  const auto digits = digits_of(size);
  constexpr int shortest = -1, seventeen = 16;
  return digits == digits_of(nearest, shortest) || digits == digits_of(nearest, seventeen);
}

bool looks_rounded(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return looks_rounded(value < 0 ? std::uint64_t{0} - bits : bits);
}

bool is_of_answers(std::string_view field) {
  return field == "access_hash" || field == "id" ||
         (field.ends_with("_id") && field != "random_id" && field != "ping_id");
}

std::string lost_digits(std::string_view number) {
  return shortened(number) +
         R"( lost digits on its way; {"options":{"json":"plain"}} gives longs as strings)";
}

std::array<GivenLongs::Bit, 2> GivenLongs::bits_of(std::int64_t value) {
  // Knuth's multiplicative hash: its high bits are the mixed ones.
  const auto mixed = static_cast<std::uint64_t>(value) * 0x9E37'79B9'7F4A'7C15U;
  const auto bit = [](std::uint64_t number) {
    return Bit{number / 64 % words, std::uint64_t{1} << number % 64};
  };
  return {bit(mixed >> 54), bit(mixed >> 44)};
}

void GivenLongs::add(std::int64_t value) {
  if (!bits_) bits_ = std::make_unique<std::array<std::uint64_t, words>>();
  for (const auto& bit : bits_of(value)) (*bits_)[bit.word] |= bit.mask;
}

void GivenLongs::merge(const GivenLongs& other) {
  if (!other.bits_) return;
  if (!bits_) bits_ = std::make_unique<std::array<std::uint64_t, words>>();
  for (std::size_t i = 0; i < words; ++i) (*bits_)[i] |= (*other.bits_)[i];
}

bool GivenLongs::may_hold(std::int64_t value) const {
  if (!bits_) return false;
  for (const auto& bit : bits_of(value)) {
    if (((*bits_)[bit.word] & bit.mask) == 0) return false;
  }
  return true;
}

}  // namespace tl
