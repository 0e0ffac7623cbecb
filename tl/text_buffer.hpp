// The end of a string that grows by many small pieces: room is made ahead, pieces are put through
// a pointer, and the string has its true size again when the buffer goes.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "tl/decimal.hpp"
#include "tl/schema.hpp"

namespace tl {

class TextBuffer {
 public:
  // `likely`: how much there will be, more or less.
  explicit TextBuffer(std::string& out, std::size_t likely = 256)
      : out_(out), start_(out.size()), likely_(likely), at_(out.data() + start_), end_(at_) {}
  ~TextBuffer() { out_.resize(size()); }
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  std::size_t size() const { return static_cast<std::size_t>(at_ - out_.data()); }
  // Back to a size that it had.
  void rewind(std::size_t size) { at_ = out_.data() + size; }

  // Where the next `room` bytes may be written; advance() tells how far they were. Behind them
  // there is always room for one `_behind` piece, which asks for nothing.
  char* reserve(std::size_t room) {
    if (end_ - at_ <= static_cast<std::ptrdiff_t>(room)) [[unlikely]] {
      grow(room);
    }
    return at_;
  }
  void advance(char* to) { at_ = to; }

  void put(char c) {
    *reserve(1) = c;
    ++at_;
  }
  void put(std::string_view text) {
    auto* to = reserve(text.size());
    std::memcpy(to, text.data(), text.size());
    at_ = to + text.size();
  }
  void put(Piece piece) { at_ = copy(piece, reserve(piece.size)); }
  // Both in one go: the place where the number begins does not travel through memory, which is
  // longer than making the number takes.
  template <std::integral Number>
  void put(Piece piece, Number value) {
    at_ = put_decimal(std::int64_t{value}, copy(piece, reserve(piece.size)));
  }

  void char_behind(char c) { *at_++ = c; }
  // At most `behind` bytes, of a length that the compiler knows.
  template <std::size_t size>
  void text_behind(const char (&text)[size]) {
    static_assert(size <= behind);
    std::memcpy(at_, text, size - 1);
    at_ += size - 1;
  }
  template <std::integral Number>
  void number_behind(Number value) {
    using Wide = std::conditional_t<std::signed_integral<Number>, std::int64_t, std::uint64_t>;
    at_ = put_decimal(static_cast<Wide>(value), at_);
  }
  template <std::integral Number>
  void number(Number value) {
    reserve(0);
    number_behind(value);
  }

 private:
  static constexpr std::size_t behind = 64;
  // What is made ahead is memory touched: of a long text, little at a time. Its room as a whole is
  // only addresses until it is touched, while a string that grows into it is there twice.
  static constexpr std::size_t most_ahead = std::size_t{16} << 10;
  static_assert(behind >= Piece::room && behind >= decimal_room + 2);

  static char* copy(Piece piece, char* to) {
    std::memcpy(to, piece.data, Piece::room);
    if (piece.size > Piece::room) [[unlikely]] {
      std::memcpy(to + Piece::room, piece.data + Piece::room, piece.size - Piece::room);
    }
    return to + piece.size;
  }

  void grow(std::size_t room) {
    const auto used = size();
    if (likely_ > most_ahead) out_.reserve(start_ + likely_);
    const auto ahead = std::min(std::max(used - start_, likely_), most_ahead);
    out_.resize(used + std::max(room, ahead) + 1 + behind);
    at_ = out_.data() + used;
    end_ = out_.data() + out_.size() - behind;
  }

  std::string& out_;
  std::size_t start_;
  std::size_t likely_;
  char* at_;
  char* end_;  // `behind` bytes before it really ends
};

}  // namespace tl
