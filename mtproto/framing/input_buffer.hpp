// Bytes that came and were not cut into packets yet. Holds next to no memory while it is empty: most
// connections are idle most of the time.
#pragma once

#include <cstddef>
#include <utility>

#include "mtproto/framing/kept_room.hpp"
#include "tl/slice.hpp"

namespace mtproto {

class InputBuffer {
 public:
  // Gives the place where the new bytes lie now.
  std::span<std::uint8_t> append(tl::ByteView bytes) {
    if (used_ > 0 && used_ >= bytes_.size() / 2) {
      bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(used_));
      used_ = 0;
    }
    tl::lend_room(bytes_);
    tl::append(bytes_, bytes);
    return std::span(bytes_).last(bytes.size());
  }

  tl::ByteView view() const { return tl::ByteView(bytes_).subspan(used_); }
  std::span<std::uint8_t> view() { return std::span(bytes_).subspan(used_); }
  std::size_t size() const { return bytes_.size() - used_; }

  // So many bytes in all are due soon: they get room without being moved again and again. Room
  // that nothing comes for costs no memory.
  void expect(std::size_t count) {
    if (count > bytes_.capacity() - used_) bytes_.reserve(used_ + count + more_to_come);
  }

  // The `size` bytes behind `head` others, which go, too. Together they are at most size().
  tl::Slice take(std::size_t head, std::size_t size) {
    const auto at = used_ + head;
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = from + static_cast<std::ptrdiff_t>(size);
    const auto rest = static_cast<std::size_t>(bytes_.end() - to);
    if (size < large || rest > size) {
      tl::Bytes out(from, to);
      consume(head + size);
      return out;
    }
    // No second copy of what is large: the buffer itself goes.
    tl::Bytes behind(to, bytes_.end());
    bytes_.erase(to, bytes_.end());
    used_ = 0;
    return {std::exchange(bytes_, std::move(behind)), at, size};
  }

  // `count` <= size().
  void consume(std::size_t count) {
    used_ += count;
    if (used_ == bytes_.size()) clear();
  }

  void clear() {
    forget_bytes(bytes_);
    used_ = 0;
  }

 private:
  static constexpr std::size_t large = std::size_t{256} << 10;
  static constexpr std::size_t more_to_come = std::size_t{64} << 10;

  tl::Bytes bytes_;
  std::size_t used_ = 0;
};

}  // namespace mtproto
