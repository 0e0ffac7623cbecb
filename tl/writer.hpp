// Appends TL bytes to a buffer that somebody else owns. core.telegram.org/mtproto/serialize
#pragma once

#include <cstdint>
#include <cstring>

#include "tl/bytes.hpp"

namespace tl {

class Writer {
 public:
  explicit Writer(Bytes& out) : out_(out) {}

  Writer& nat(std::uint32_t value) { return number(value); }
  Writer& int32(std::int32_t value) { return number(value); }
  Writer& int64(std::int64_t value) { return number(value); }
  Writer& float64(double value) { return number(value); }
  // At most 2^24 − 1 bytes; the codec and the typed messages check before they come here.
  Writer& bytes(ByteView value);
  Writer& bytes(std::string_view value) { return bytes(as_bytes(value)); }
  Writer& boolean(bool value);
  Writer& raw(ByteView value) {
    append(out_, value);
    return *this;
  }
  // The head of a boxed vector.
  Writer& vector(std::uint32_t count);

  Bytes& out() { return out_; }

 private:
  template <class T>
  Writer& number(T value) {
    const auto at = out_.size();
    out_.resize(at + sizeof value);
    std::memcpy(out_.data() + at, &value, sizeof value);
    return *this;
  }

  Bytes& out_;
};

}  // namespace tl
