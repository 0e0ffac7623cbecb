// A buffer that several hold and nobody changes: a request's body, which its client's half keeps to be
// sent again, and the session until it is answered. One thread's; freed by the last who lets go.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "tl/bytes.hpp"

namespace tl {

class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(Bytes bytes)
      : bytes_(bytes.empty() ? nullptr : std::make_shared<const Bytes>(std::move(bytes))) {}

  operator ByteView() const { return bytes_ ? ByteView(*bytes_) : ByteView(); }
  bool empty() const { return bytes_ == nullptr; }
  std::size_t size() const { return bytes_ ? bytes_->size() : 0; }
  std::size_t capacity() const { return bytes_ ? bytes_->capacity() : 0; }

  friend bool operator==(const SharedBytes& a, const SharedBytes& b) {
    return a.bytes_ == b.bytes_ || std::ranges::equal(ByteView(a), ByteView(b));
  }
  friend bool operator==(const SharedBytes& a, const Bytes& b) {
    return std::ranges::equal(ByteView(a), b);
  }

 private:
  std::shared_ptr<const Bytes> bytes_;
};

}  // namespace tl
