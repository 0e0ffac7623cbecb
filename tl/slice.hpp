// A part of a buffer, which it owns whole: cutting the rest off would move what is left, and of a
// large message that takes milliseconds.
#pragma once

#include <algorithm>
#include <utility>

#include "tl/bytes.hpp"

namespace tl {

// Whether `part` lies in `buffer`.
inline bool holds(ByteView buffer, ByteView part) {
  return part.data() >= buffer.data() && part.data() + part.size() <= buffer.data() + buffer.size();
}

class Slice {
 public:
  Slice() = default;
  Slice(Bytes whole) : whole_(std::move(whole)), size_(whole_.size()) {}
  // `from` + `size` <= whole.size().
  Slice(Bytes whole, std::size_t from, std::size_t size)
      : whole_(std::move(whole)), from_(from), size_(size) {}

  Slice(Slice&& other) noexcept
      : whole_(std::move(other.whole_)),
        from_(std::exchange(other.from_, 0)),
        size_(std::exchange(other.size_, 0)) {}
  Slice& operator=(Slice&& other) noexcept {
    whole_ = std::move(other.whole_);
    from_ = std::exchange(other.from_, 0);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }
  Slice(const Slice&) = default;
  Slice& operator=(const Slice&) = default;

  const std::uint8_t* data() const { return whole_.data() + from_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const std::uint8_t* begin() const { return data(); }
  const std::uint8_t* end() const { return data() + size_; }
  std::span<std::uint8_t> bytes() { return {whole_.data() + from_, size_}; }

  friend bool operator==(const Slice& a, ByteView b) { return std::ranges::equal(a, b); }

  // What is left of it. `from` + `size` <= size().
  void narrow(std::size_t from, std::size_t size) {
    from_ += from;
    size_ = size;
  }

 private:
  Bytes whole_;
  std::size_t from_ = 0;
  std::size_t size_ = 0;
};

}  // namespace tl
