// Numbers ⇄ text, exactly and without a locale: integers of 64 bits, and doubles in the shortest
// form that reads back the same. Texts are JSON numbers (RFC 8259 §6) or bare decimal digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tl {

// Decimal digits with an optional minus and nothing else, in range.
std::optional<std::int64_t> parse_int64(std::string_view text);
std::optional<std::uint64_t> parse_uint64(std::string_view text);
// Decimal digits and nothing else, within the bounds.
std::optional<std::int64_t> parse_count(std::string_view text, std::int64_t least,
                                        std::int64_t most);
// A double holds every integer up to this one, and its negative.
inline constexpr std::int64_t largest_exact = std::int64_t{1} << 53;
constexpr bool is_exact_in_double(std::int64_t value) {
  return value >= -largest_exact && value <= largest_exact;
}

// What a JSON number is as an integer, by its value: 4.0, 1e5 and 9.99E2 are integers. Linear in
// the text, however large the exponent is.
struct Integral {
  enum class Kind : std::uint8_t {
    whole,     // `value`
    fraction,  // 1.5
    lost,      // beyond 2^53, of a long's size: digits were lost before it was written so
    large,     // no long
  };
  Kind kind = Kind::whole;
  std::int64_t value = 0;
};
Integral read_integral(std::string_view number);

// A decimal number with or without fraction and exponent. Too small becomes 0, too large nothing.
std::optional<double> parse_double(std::string_view text);

void append_number(std::int64_t value, std::string& out);
void append_number(std::uint64_t value, std::string& out);
// Finite ones only: `1`, `52.37`, `1e+22`, `-0`.
void append_number(double value, std::string& out);

}  // namespace tl
