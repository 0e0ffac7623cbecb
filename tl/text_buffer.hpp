// The end of a string that grows by many small pieces: room is made ahead, pieces are put through
// a pointer, and the string has its true size again when the buffer goes.
#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

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

  // Where the next `room` bytes may be written; advance() tells how far they were.
  char* reserve(std::size_t room) {
    if (static_cast<std::size_t>(end_ - at_) < room) [[unlikely]] {
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
    copy(to, text.data(), text.size());
    at_ = to + text.size();
  }
  template <std::integral Number>
  void number(Number value) {
    auto* to = reserve(24);
    if (value >= 0 && value < 10) {
      *to = static_cast<char>('0' + value);
      at_ = to + 1;
    } else {
      at_ = std::to_chars(to, to + 24, value).ptr;
    }
  }

 private:
  // Most pieces are a few bytes: two moves that overlap instead of a call.
  static void copy(char* to, const char* from, std::size_t size) {
    if (size > 32) {
      std::memcpy(to, from, size);
    } else if (size >= 16) {
      std::memcpy(to, from, 16);
      std::memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
      std::memcpy(to, from, 8);
      std::memcpy(to + size - 8, from + size - 8, 8);
    } else {
      for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  }

  void grow(std::size_t room) {
    const auto used = size();
    // What is made here is filled with zeros, too, and so it is never much; the string itself
    // doubles its room.
    constexpr std::size_t most = std::size_t{256} << 10;
    const auto wanted = std::min(std::max(used - start_, likely_), most);
    out_.resize(used + std::max(room, wanted));
    at_ = out_.data() + used;
    end_ = out_.data() + out_.size();
  }

  std::string& out_;
  std::size_t start_;
  std::size_t likely_;
  char* at_;
  char* end_;
};

}  // namespace tl
