// Bytes that came and were not cut into packets yet. Holds next to no memory while it is empty: most
// connections are idle most of the time.
#pragma once

#include <cstddef>

#include "mtproto/framing/kept_room.hpp"
#include "tl/bytes.hpp"

namespace mtproto {

class InputBuffer {
 public:
  // Gives the place where the new bytes lie now.
  std::span<std::uint8_t> append(tl::ByteView bytes) {
    if (used_ > 0 && used_ >= bytes_.size() / 2) {
      bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(used_));
      used_ = 0;
    }
    tl::append(bytes_, bytes);
    return std::span(bytes_).last(bytes.size());
  }

  tl::ByteView view() const { return tl::ByteView(bytes_).subspan(used_); }
  std::span<std::uint8_t> view() { return std::span(bytes_).subspan(used_); }
  std::size_t size() const { return bytes_.size() - used_; }

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
  tl::Bytes bytes_;
  std::size_t used_ = 0;
};

}  // namespace mtproto
