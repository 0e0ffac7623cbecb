#include "tl/base64.hpp"

#include <array>
#include <cstring>

#include "tl/base64_ways.hpp"

namespace tl {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(255);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    digits[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  digits['-'] = 62;
  digits['_'] = 63;
  return digits;
}

constexpr auto digit_of = make_digits();

// The two digits of each twelve bits, as they stand in the text.
constexpr std::array<std::array<char, 2>, 4096> make_pairs() {
  std::array<std::array<char, 2>, 4096> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {alphabet[i >> 6], alphabet[i & 63]};
  return pairs;
}

constexpr auto pairs = make_pairs();

std::string_view without_padding(std::string_view text) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return text;
}

}  // namespace

char* write_base64(ByteView bytes, char* to) {
  const auto size = base64::has_instructions() ? base64::write_blocks(bytes, to) : 0;
  return base64::write_by_table(bytes.subspan(size), to + size / 3 * 4);
}

char* base64::write_by_table(ByteView bytes, char* to) {
  std::size_t i = 0;
  // Six bytes at a time, while eight can be read.
  for (; i + 8 <= bytes.size(); i += 6) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word = __builtin_bswap64(word);
    for (int pair = 0; pair < 4; ++pair) {
      std::memcpy(to + 2 * pair, pairs[word >> (52 - 12 * pair) & 4095].data(), 2);
    }
    to += 8;
  }
  for (; i + 3 <= bytes.size(); i += 3) {
    const auto word = static_cast<std::uint32_t>(bytes[i]) << 16 |
                      static_cast<std::uint32_t>(bytes[i + 1]) << 8 | bytes[i + 2];
    std::memcpy(to, pairs[word >> 12].data(), 2);
    std::memcpy(to + 2, pairs[word & 4095].data(), 2);
    to += 4;
  }
  const auto left = bytes.size() - i;
  if (left == 0) return to;
  const auto word = static_cast<std::uint32_t>(bytes[i]) << 16 |
                    (left == 2 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8 : 0U);
  *to++ = alphabet[word >> 18];
  *to++ = alphabet[word >> 12 & 63];
  *to++ = left == 2 ? alphabet[word >> 6 & 63] : '=';
  *to++ = '=';
  return to;
}

void append_base64(ByteView bytes, std::string& out) {
  const auto at = out.size();
  out.resize(at + base64_size(bytes.size()));
  write_base64(bytes, out.data() + at);
}

std::size_t base64_decoded_size(std::string_view text) {
  return without_padding(text).size() * 3 / 4;
}

bool decode_base64(std::string_view text, Bytes& out) {
  const auto digits = without_padding(text);
  if (digits.size() % 4 == 1) return false;
  if (digits.size() != text.size() && text.size() % 4 != 0) return false;
  const auto at = out.size();
  out.resize(at + digits.size() * 3 / 4);
  auto* to = out.data() + at;
  const auto read = base64::has_instructions() ? base64::read_blocks(digits, to) : 0;
  if (!base64::read_by_table(digits.substr(read), to + read / 4 * 3)) {
    out.resize(at);
    return false;
  }
  return true;
}

bool base64::read_by_table(std::string_view digits, std::uint8_t* to) {
  std::uint8_t seen = 0;
  const auto next = [&seen](char c) -> std::uint32_t {
    const auto digit = digit_of[static_cast<std::uint8_t>(c)];
    seen |= digit;
    return digit & 63U;
  };
  std::size_t i = 0;
  for (; i + 4 <= digits.size(); i += 4, to += 3) {
    const auto word = next(digits[i]) << 18 | next(digits[i + 1]) << 12 | next(digits[i + 2]) << 6 |
                      next(digits[i + 3]);
    to[0] = static_cast<std::uint8_t>(word >> 16);
    to[1] = static_cast<std::uint8_t>(word >> 8);
    to[2] = static_cast<std::uint8_t>(word);
  }
  std::uint32_t word = 0;
  int bits = 0;
  for (const char c : digits.substr(i)) {
    word = word << 6 | next(c);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      *to++ = static_cast<std::uint8_t>(word >> bits);
    }
  }
  return (seen & 64) == 0;  // 255 is no digit
}

}  // namespace tl
