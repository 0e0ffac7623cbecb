// Longs that lost digits: many JSON libraries hold a number as a double, whose 53 bits are less than a
// long has, and write it back as an integer. And what was given to a client, so that a value that only
// looks like one of these is known again.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tl/numbers.hpp"

namespace tl {

// Whether a number of that size is what a double becomes when it is written: all of its digits
// (C's %.0f, Qt), the shortest that read back the same (JavaScript, Go), or 17 (jq). Each is beyond
// 2^53. Of all longs about one in a hundred looks so.
bool looks_rounded(std::uint64_t size);
bool looks_rounded(std::int64_t value);
// 53 bits between the first and the last that is set are a double's.
constexpr bool has_bits_of_double(std::uint64_t size) {
  return std::countl_zero(size) + std::countr_zero(size) >= 64 - 53;
}

// Of a double that is written, no more are before the zeros at its end.
constexpr bool has_17_digits(std::uint64_t size) {
  constexpr std::uint64_t digits_18 = 100'000'000'000'000'000, digits_19 = digits_18 * 10;
  return size < digits_18 || size % (size < digits_19 ? 10 : 100) == 0;
}

// Whether a field of that name holds what a client has from an answer; a random_id of its own may be
// as it likes.
bool is_of_answers(std::string_view field);

// What is wrong with a number that lost digits, and what helps; behind "… is due, and ".
std::string lost_digits(std::string_view number);

// Those that look rounded among the longs that were written to a client, and some more: a Bloom filter
// of 128 bytes, made for the first of them. It never forgets one; once ten thousand longs were written, it takes one of five others
// for one of them.
class GivenLongs {
 public:
  void note(std::int64_t value) {
    if (may_look_rounded(value)) [[unlikely]] {
      add(value);
    }
  }
  void merge(const GivenLongs& other);
  bool may_hold(std::int64_t value) const;

 private:
  static constexpr std::size_t words = 16;
  struct Bit {
    std::size_t word;
    std::uint64_t mask;
  };
  static std::array<Bit, 2> bits_of(std::int64_t value);

  // Of each that looks_rounded(), and of some more: it costs next to nothing.
  static bool may_look_rounded(std::int64_t value) {
    if (is_exact_in_double(value)) return false;
    const auto bits = static_cast<std::uint64_t>(value);
    const auto size = value < 0 ? std::uint64_t{0} - bits : bits;
    return has_17_digits(size) || has_bits_of_double(size);
  }
  void add(std::int64_t value);

  std::unique_ptr<std::array<std::uint64_t, words>> bits_;
};

}  // namespace tl
