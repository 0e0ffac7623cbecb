// Integers as decimal digits, two at a time, each pair by one multiplication; the only branch is on
// how many pairs there are.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tl {

// What put_decimal() may write to, though the number itself may be shorter.
inline constexpr int decimal_room = 28;

namespace decimal {

using Pair = std::array<char, 2>;

// "00" to "99"; as the first of a number "0", "1" …, with anything behind.
constexpr std::array<Pair, 100> make_pairs(bool first) {
  std::array<Pair, 100> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto tens = static_cast<char>('0' + i / 10), ones = static_cast<char>('0' + i % 10);
    pairs[i] = {first && i < 10 ? ones : tens, ones};
  }
  return pairs;
}

inline constexpr auto pairs = make_pairs(false);
inline constexpr auto first_pairs = make_pairs(true);

inline char* put_first(std::uint64_t pair, char* to) {
  std::memcpy(to, first_pairs[pair].data(), 2);
  return to + (pair < 10 ? 1 : 2);
}

// A number divided so that its first pair stands above 2^32 and the others below, as a fraction,
// which gives a pair each time that it is multiplied by 100. The factors are rounded up; the error,
// grown by all multiplications, stays below the last digit (each of the 2^32 words was tried).
template <int others>
char* put_pairs(std::uint64_t fraction, char* to) {
  to = put_first(fraction >> 32, to);
  for (int i = 0; i < others; ++i) {
    fraction = (fraction & 0xFFFFFFFF) * 100;
    std::memcpy(to, pairs[fraction >> 32].data(), 2);
    to += 2;
  }
  return to;
}

inline char* put_word(std::uint32_t value, char* to) {
  const std::uint64_t wide = value;
  if (value < 1'000'000) {
    if (value < 100) return put_first(wide, to);
    if (value < 10'000) return put_pairs<1>(wide * 42'949'673, to);  // 2^32 / 100
    return put_pairs<2>(wide * 429'497, to);                         // 2^32 / 10^4
  }
  if (value < 100'000'000) return put_pairs<3>((wide * 281'474'977 >> 16) + 1, to);  // 2^48 / 10^6
  return put_pairs<4>((wide * 1'441'151'881 >> 25) + 1, to);                         // 2^57 / 10^8
}

// All eight digits of a number below 10^8, side by side in one word, the first in its lowest byte:
// it is cut in two three times, a/b as the low half and the rest as the high one being
// (a << half) - a/b * ((b << half) - 1). 10486 / 2^20 and 103 / 2^10 divide exactly here.
inline char* put_eight(std::uint32_t value, char* to) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t digits = value;
  digits = (digits << 32) - digits / 10'000 * ((std::uint64_t{10'000} << 32) - 1);
  const auto hundreds = digits * 10486 >> 20 & 0x0000007F'0000007F;
  digits = (digits << 16) - hundreds * ((100 << 16) - 1);
  const auto tens = digits * 103 >> 10 & 0x000F000F'000F000F;
  digits = (digits << 8) - tens * ((10 << 8) - 1);
  digits |= 0x30303030'30303030;
  std::memcpy(to, &digits, sizeof digits);
  return to + 8;
}

}  // namespace decimal

// From 2^32 on.
inline char* put_long_decimal(std::uint64_t value, char* to) {
  constexpr std::uint64_t hundred_million = 100'000'000;
  const auto last = static_cast<std::uint32_t>(value % hundred_million);
  value /= hundred_million;
  if (value >> 32 == 0) {
    to = decimal::put_word(static_cast<std::uint32_t>(value), to);
  } else {
    to = decimal::put_word(static_cast<std::uint32_t>(value / hundred_million), to);
    to = decimal::put_eight(static_cast<std::uint32_t>(value % hundred_million), to);
  }
  return decimal::put_eight(last, to);
}

inline char* put_decimal(std::uint64_t value, char* to) {
  if (value >> 32 != 0) return put_long_decimal(value, to);
  return decimal::put_word(static_cast<std::uint32_t>(value), to);
}

inline char* put_decimal(std::int64_t value, char* to) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= 0) return put_decimal(bits, to);
  *to = '-';
  return put_decimal(std::uint64_t{0} - bits, to + 1);
}

}  // namespace tl
