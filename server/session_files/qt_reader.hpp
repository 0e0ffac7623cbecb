// What Qt's QDataStream writes: big-endian numbers, and byte arrays with their length in 32 bits
// before them. Sticky like tl::Reader: read everything, check once.
#pragma once

#include "tl/bytes.hpp"

namespace server::session_files {

class QtReader {
 public:
  explicit QtReader(tl::ByteView bytes) : rest_(bytes) {}

  std::uint64_t number(std::size_t size) {
    std::uint64_t out = 0;
    for (const auto byte : raw(size)) out = out << 8 | byte;
    return out;
  }
  std::int32_t int32() { return static_cast<std::int32_t>(number(4)); }
  tl::ByteView raw(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto out = rest_.first(size);
    rest_ = rest_.subspan(size);
    return out;
  }
  // A null array, whose length is all ones, is an empty one.
  tl::ByteView array() {
    const auto size = number(4);
    return size == 0xffffffff ? tl::ByteView() : raw(static_cast<std::size_t>(size));
  }

  explicit operator bool() const { return ok_; }

 private:
  tl::ByteView rest_;
  bool ok_ = true;
};

}  // namespace server::session_files
