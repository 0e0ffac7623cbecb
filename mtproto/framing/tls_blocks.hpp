// TLS's nested blocks, written: a length of so many bytes, big-endian, before what is inside.
#pragma once

#include <initializer_list>

#include "mtproto/crypto/secret.hpp"

namespace mtproto {

inline void put_number(std::size_t number, std::size_t bytes, Bytes& out) {
  for (auto left = bytes; left > 0; --left) {
    out.push_back(static_cast<std::uint8_t>(number >> (8 * (left - 1)) & 0xff));
  }
}

inline void put(std::initializer_list<std::uint8_t> bytes, Bytes& out) {
  out.insert(out.end(), bytes);
}

// `inside` appends to `out`.
template <class Inside>
void put_block(std::size_t length_bytes, Bytes& out, Inside inside) {
  const auto at = out.size();
  out.resize(at + length_bytes);
  inside();
  Bytes length;
  put_number(out.size() - at - length_bytes, length_bytes, length);
  std::copy(length.begin(), length.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
}

// Cuts such blocks; what is not there reads as empty, and `bad` stays.
class BlockReader {
 public:
  explicit BlockReader(ByteView bytes) : left_(bytes) {}
  ByteView take(std::size_t count) {
    bad_ = bad_ || count > left_.size();
    if (bad_) return {};
    const auto out = left_.first(count);
    left_ = left_.subspan(count);
    return out;
  }
  std::size_t number(std::size_t bytes) {
    std::size_t out = 0;
    for (const auto byte : take(bytes)) out = out << 8 | byte;
    return out;
  }
  ByteView block(std::size_t length_bytes) { return take(number(length_bytes)); }
  bool bad() const { return bad_; }
  bool empty() const { return bad_ || left_.empty(); }

 private:
  ByteView left_;
  bool bad_ = false;
};

}  // namespace mtproto
