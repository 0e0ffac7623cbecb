// JSON text looked at in place: where a token ends and what it says, without values and without an
// allocation. RFC 8259. It is for whoever gives up at the first thing out of the ordinary, so each
// function says "no" by a null pointer, also to much that is JSON; what it says yes to is JSON.
// The place is the caller's: each function takes it and returns the place behind the token, so that
// it stays in a register.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "tl/schema.hpp"
#include "tl/text_block.hpp"

namespace tl {

class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text)
      : begin_(text.data()), end_(text.data() + text.size()) {}

  const char* begin() const { return begin_; }
  const char* end() const { return end_; }
  std::size_t left(const char* at) const { return static_cast<std::size_t>(end_ - at); }

  // What stands there; zero, which begins no token, at the end.
  char peek(const char* at) const { return at != end_ ? *at : '\0'; }
  const char* skip_blank(const char* at) const {
    while (at != end_ && *at <= ' ') {
      if (*at != ' ' && *at != '\n' && *at != '\r' && *at != '\t') break;
      ++at;
    }
    return at;
  }
  const char* take(char c, const char* at) const { return peek(at) == c ? at + 1 : nullptr; }
  const char* take(std::string_view text, const char* at) const {
    if (left(at) < text.size() || std::memcmp(at, text.data(), text.size()) != 0) return nullptr;
    return at + text.size();
  }
  // The text of a piece from its byte `from` on.
  const char* take(Piece piece, std::size_t from, const char* at) const {
    const auto size = piece.size - from;
    if (left(at) < Piece::room || piece.size > Piece::room) {
      return take(std::string_view(piece.data + from, size), at);
    }
    return equal(at, piece.data + from, size) ? at + size : nullptr;
  }

  // A string without an escape; `text` is what stands between its quotes, which may be no UTF-8.
  const char* plain_string(const char* at, std::string_view& text) const {
    if (peek(at) != '"') return nullptr;
    const auto* const from = ++at;
    at = skip_plain(at);
    if (peek(at) != '"') return nullptr;
    text = {from, static_cast<std::size_t>(at - from)};
    return at + 1;
  }

  // An integer, of at most 63 bits and a sign. What follows may make it another number.
  const char* integer(const char* at, std::int64_t& value) const {
    const bool negative = peek(at) == '-';
    if (negative) ++at;
    const auto* const first = at;
    std::uint64_t size = 0;
    at = digits(at, size);
    const auto count = at - first;
    constexpr std::uint64_t largest = INT64_MAX;
    constexpr int most_digits = 19;  // so many fit an unsigned word
    if (count == 0 || count > most_digits || (*first == '0' && count != 1) || size > largest) {
      return nullptr;
    }
    value = negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
    return at;
  }

  const char* number(const char* at, std::string_view& text) const;

  // Any value, its strings' UTF-8 unchecked; one nested more than `depth` deep is none.
  const char* value(const char* at, int depth) const;
  const char* string(const char* at) const;

  // What stands for itself or is written as \uXXXX behind a backslash, as UTF-8: at most four bytes
  // at `to`, whose end is moved.
  const char* escape(const char* at, std::uint8_t*& to) const;

 private:
  // Within a string: to what does not stand for itself, or the end.
  const char* skip_plain(const char* at) const {
    while (at != end_) {
      const auto among = std::min(left(at), TextBlock::size);
      const auto block = among == TextBlock::size ? TextBlock(at) : TextBlock(at, among);
      const auto plain = block.plain(among);
      at += plain;
      if (plain != among) break;
    }
    return at;
  }

  static constexpr std::uint64_t each(std::uint8_t byte) { return 0x0101010101010101U * byte; }

  // The first `size` bytes of two texts, at most Piece::room, which can be read of both.
  static bool equal(const char* a, const char* b, std::size_t size) {
    const auto word = [](const char* from) { return text_block::load<std::uint64_t>(from); };
    std::size_t at = 0;
    for (; at + 8 < size; at += 8) {
      if (word(a + at) != word(b + at)) return false;
    }
    static_assert(std::endian::native == std::endian::little);
    return (word(a + at) ^ word(b + at)) << (8 - (size - at)) * 8 == 0;
  }

  // As many as there are; of more than nineteen, the value counts for nothing.
  const char* digits(const char* at, std::uint64_t& value) const {
    while (left(at) >= 8) {
      const auto word = text_block::load<std::uint64_t>(at);
      const bool all =
          (word & each(0xF0)) == each(0x30) && ((word + each(6)) & each(0xF0)) == each(0x30);
      if (!all) break;
      value = value * 100'000'000 + eight(word);
      at += 8;
    }
    for (; at != end_; ++at) {
      const auto digit = static_cast<unsigned>(static_cast<unsigned char>(*at)) - '0';
      if (digit > 9) break;
      value = value * 10 + digit;
    }
    return at;
  }
  // Of eight digits, neighbours together: two, four, eight.
  static std::uint64_t eight(std::uint64_t word) {
    word = (word & each(0x0F)) * (1 + (10 << 8)) >> 8;
    word = (word & 0x00FF00FF'00FF00FF) * (1 + (100 << 16)) >> 16;
    return (word & 0x0000FFFF'0000FFFF) * (1 + (std::uint64_t{10'000} << 32)) >> 32;
  }

  const char* unicode(const char* at, std::uint32_t& unit) const;

  const char* begin_;
  const char* end_;
};

}  // namespace tl
