// The end of TL bytes that grow by many small pieces, as text_buffer.hpp has it for text: room is
// made ahead, and the pointer at which is written stays with the caller.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tl/bytes.hpp"

namespace tl {

class ByteBuffer {
 public:
  // `likely`: how much there will be, more or less.
  ByteBuffer(Bytes& out, std::size_t likely)
      : out_(out), start_(out.size()), size_(start_), end_(out.data() + start_), likely_(likely) {}
  ~ByteBuffer() { out_.resize(size_); }
  ByteBuffer(const ByteBuffer&) = delete;
  ByteBuffer& operator=(const ByteBuffer&) = delete;

  std::uint8_t* begin() { return reserve(likely_, out_.data() + start_); }
  // What was put ends here; without it the bytes are as they were.
  void finish(const std::uint8_t* to) { size_ = size(to); }

  // How many bytes there are up to a place, and that place again: others move as they grow.
  std::size_t size(const std::uint8_t* to) const {
    return static_cast<std::size_t>(to - out_.data());
  }
  std::uint8_t* place(std::size_t size) { return out_.data() + size; }

  // Where the next `room` bytes may be written: `to`, or where that has moved.
  std::uint8_t* reserve(std::size_t room, std::uint8_t* to) {
    if (end_ - to < static_cast<std::ptrdiff_t>(room)) [[unlikely]] {
      return grow(room, to);
    }
    return to;
  }

  template <class Number>
  static std::uint8_t* put_behind(Number value, std::uint8_t* to) {
    std::memcpy(to, &value, sizeof value);
    return to + sizeof value;
  }
  template <class Number>
  std::uint8_t* put(Number value, std::uint8_t* to) {
    return put_behind(value, reserve(sizeof value, to));
  }

 private:
  [[gnu::noinline]] std::uint8_t* grow(std::size_t room, const std::uint8_t* to) {
    const auto used = size(to);
    out_.resize(std::max(used + room, used + used / 2));
    end_ = out_.data() + out_.size();
    return out_.data() + used;
  }

  Bytes& out_;
  std::size_t start_;
  std::size_t size_;  // of the bytes when the buffer goes
  std::uint8_t* end_;
  std::size_t likely_;
};

}  // namespace tl
