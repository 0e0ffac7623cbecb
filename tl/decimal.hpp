// Integers as decimal digits, eight at a time in one word and without a branch on how many there
// are.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace tl {

// What put_decimal() may write to, though the number itself may be shorter.
inline constexpr int decimal_room = 28;

namespace decimal {

// The eight digits of a number below 10^8, the first in the lowest byte, each 0 to 9: the halves,
// then their halves, side by side in one word. 10486 / 2^20 and 103 / 2^10 divide exactly here.
inline std::uint64_t eight_digits(std::uint32_t value) {
  const std::uint64_t fours = value / 10000 | static_cast<std::uint64_t>(value % 10000) << 32;
  const auto hundreds = (fours * 10486) >> 20 & 0x0000007F'0000007F;
  const auto twos = hundreds | (fours - hundreds * 100) << 16;
  const auto tens = (twos * 103) >> 10 & 0x000F000F'000F000F;
  return tens | (twos - tens * 10) << 8;
}

inline constexpr std::uint64_t zeros = 0x3030303030303030;

inline char* put_eight(std::uint32_t value, char* to) {
  const auto digits = eight_digits(value) | zeros;
  std::memcpy(to, &digits, sizeof digits);
  return to + 8;
}

// Without leading zeros.
inline char* put_up_to_eight(std::uint32_t value, char* to) {
  const auto digits = eight_digits(value);
  const auto leading = std::countr_zero(digits | std::uint64_t{1} << 56) / 8;
  const auto shifted = (digits | zeros) >> leading * 8;
  std::memcpy(to, &shifted, sizeof shifted);
  return to + 8 - leading;
}

}  // namespace decimal

// From 10^8 on.
inline char* put_long_decimal(std::uint64_t value, char* to) {
  constexpr std::uint64_t hundred_million = 100'000'000;
  const auto last = static_cast<std::uint32_t>(value % hundred_million);
  value /= hundred_million;
  if (value < hundred_million) {
    to = decimal::put_up_to_eight(static_cast<std::uint32_t>(value), to);
  } else {
    to = decimal::put_up_to_eight(static_cast<std::uint32_t>(value / hundred_million), to);
    to = decimal::put_eight(static_cast<std::uint32_t>(value % hundred_million), to);
  }
  return decimal::put_eight(last, to);
}

inline char* put_decimal(std::uint64_t value, char* to) {
  static_assert(std::endian::native == std::endian::little);
  if (value < 10) {
    *to = static_cast<char>('0' + value);
    return to + 1;
  }
  if (value >= 100'000'000) return put_long_decimal(value, to);
  return decimal::put_up_to_eight(static_cast<std::uint32_t>(value), to);
}

inline char* put_decimal(std::int64_t value, char* to) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= 0) return put_decimal(bits, to);
  *to = '-';
  return put_decimal(std::uint64_t{0} - bits, to + 1);
}

}  // namespace tl
