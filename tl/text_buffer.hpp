// The end of a string that grows by many small pieces: room is made ahead, pieces are put through
// a pointer, and the string has its true size when the buffer goes.
// The pointer is the caller's: each function takes it and returns where it is then. So it stays in
// a register; a place that travels through memory makes every piece wait for the one before.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "tl/codec.hpp"
#include "tl/decimal.hpp"
#include "tl/schema.hpp"

namespace tl {

class TextBuffer {
 public:
  // Thrown where `room` is refused: the pieces are put far below whoever can answer that.
  struct NoRoom {};

  // `likely`: how much there will be, more or less.
  explicit TextBuffer(std::string& out, std::size_t likely = 256, TextRoom* room = nullptr)
      : out_(out),
        room_(room),
        start_(out.size()),
        likely_(likely),
        size_(start_),
        end_(out.data() + start_) {}
  ~TextBuffer() { out_.resize(size_); }
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;

  char* begin() { return reserve(0, out_.data() + start_); }
  // What was put ends here; without it the string is as it was.
  void finish(const char* to) { size_ = size(to); }

  // How long the string is up to a place, and that place again: other places move as it grows.
  std::size_t size(const char* to) const { return static_cast<std::size_t>(to - out_.data()); }
  // How much of that was put here.
  std::size_t written(const char* to) const { return size(to) - start_; }
  char* place(std::size_t size) { return out_.data() + size; }

  // Where the next `room` bytes may be written: `to`, or where that has moved. Behind them there
  // is always room for one `_behind` piece, which asks for nothing.
  char* reserve(std::size_t room, char* to) {
    if (end_ - to <= static_cast<std::ptrdiff_t>(room)) [[unlikely]] {
      return grow(room, to);
    }
    return to;
  }

  char* put(char c, char* to) {
    to = reserve(1, to);
    *to = c;
    return to + 1;
  }
  char* put(std::string_view text, char* to) {
    to = reserve(text.size(), to);
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
  }
  [[gnu::always_inline]] char* put(Piece piece, char* to) {
    if (piece.size > Piece::room) [[unlikely]] {
      return put_long(piece, to);
    }
    to = reserve(Piece::room, to);
    std::memcpy(to, piece.data, Piece::room);
    return to + piece.size;
  }
  template <std::integral Number>
  char* put(Number value, char* to) {
    return number_behind(value, reserve(0, to));
  }

  static char* char_behind(char c, char* to) {
    *to = c;
    return to + 1;
  }
  // At most `behind` bytes, of a length that the compiler knows.
  template <std::size_t size>
  static char* text_behind(const char (&text)[size], char* to) {
    static_assert(size <= behind);
    std::memcpy(to, text, size - 1);
    return to + size - 1;
  }
  template <std::integral Number>
  static char* number_behind(Number value, char* to) {
    using Wide = std::conditional_t<std::signed_integral<Number>, std::int64_t, std::uint64_t>;
    return put_decimal(static_cast<Wide>(value), to);
  }

 private:
  static constexpr std::size_t behind = 64;
  // What is made ahead is memory touched: of a long text, little at a time. Its room as a whole is
  // only addresses until it is touched, while a string that grows into it is there twice.
  static constexpr std::size_t most_ahead = std::size_t{16} << 10;
  static_assert(behind >= decimal_room + 2);

  [[gnu::noinline]] char* put_long(Piece piece, char* to) {
    return put(std::string_view(piece.data, piece.size), to);
  }

  [[gnu::noinline]] char* grow(std::size_t room, const char* to) {
    const auto used = size(to);
    if (likely_ > most_ahead) out_.reserve(start_ + likely_);
    const auto ahead = std::min(std::max(used - start_, likely_), most_ahead);
    const auto wanted = used + std::max(room, ahead) + 1 + behind;
    if (room_ != nullptr) ask(wanted);
    out_.resize(wanted);
    end_ = out_.data() + out_.size() - behind;
    return out_.data() + used;
  }

  // A string that outgrows its room is there twice while it moves.
  void ask(std::size_t wanted) {
    const bool moves = wanted > out_.capacity();
    if (!room_->take(wanted - start_ + (moves ? out_.size() : 0))) throw NoRoom();
  }

  std::string& out_;
  TextRoom* room_;
  std::size_t start_;
  std::size_t likely_;
  std::size_t size_;  // of the string when the buffer goes
  char* end_;         // `behind` bytes before it really ends
};

}  // namespace tl
