// Reads TL bytes. core.telegram.org/mtproto/serialize
// Sticky: after the first failure every read gives zeros or nothing, so fields are read in a
// straight line and checked once; the offset of the first failure is kept.
// Views it returns point into the bytes it was made from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tl/bytes.hpp"

namespace tl {

inline constexpr std::uint32_t vector_id = 0x1cb5c415;
inline constexpr std::uint32_t bool_true_id = 0x997275b5;
inline constexpr std::uint32_t bool_false_id = 0xbc799737;

class Reader {
 public:
  explicit Reader(ByteView bytes)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  std::uint32_t nat() { return number<std::uint32_t>(); }
  std::int32_t int32() { return number<std::int32_t>(); }
  std::int64_t int64() { return number<std::int64_t>(); }
  double float64() { return number<double>(); }
  // A TL string or bytes: length, data, zero bytes up to a multiple of four (not insisted on).
  ByteView bytes() {
    const auto most = left();
    if (most < 4) return failed();
    std::size_t size = at_[0];
    std::size_t header = 1;
    if (size >= 254) {
      if (size == 255) return failed();
      size = static_cast<std::size_t>(at_[1]) | static_cast<std::size_t>(at_[2]) << 8 |
             static_cast<std::size_t>(at_[3]) << 16;
      header = 4;
    }
    const auto whole = (header + size + 3) & ~std::size_t{3};
    if (whole > most) return failed();
    const ByteView data(at_ + header, size);
    at_ += whole;
    return data;
  }
  bool boolean();
  // `size` bytes as they stand.
  ByteView raw(std::size_t size) {
    if (size > left()) return failed();
    const ByteView view(at_, size);
    at_ += size;
    return view;
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> out{};
    auto from = raw(N);
    if (from.size() == N) std::memcpy(out.data(), from.data(), N);
    return out;
  }
  // The count of a boxed (1cb5c415 in front) or bare vector, checked against the bytes left, each
  // item taking at least `item` bytes.
  std::uint32_t count(bool boxed = true, std::size_t item = 4);
  // Fails unless the next word is `id`.
  void expect(std::uint32_t id);
  // The next word, not consumed; 0 where there is none.
  std::uint32_t peek() const { return left() >= 4 ? look<std::uint32_t>() : 0; }

  // Without a check of its own, behind one of left().
  template <class T>
  T next() {
    const auto value = look<T>();
    at_ += sizeof(T);
    return value;
  }

  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  ByteView rest() const { return {at_, left()}; }
  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  // Marks a failure here.
  void fail() { failed(); }

 private:
  template <class T>
  T look() const {
    T value;
    std::memcpy(&value, at_, sizeof value);
    return value;
  }
  template <class T>
  T number() {
    if (left() >= sizeof(T)) return next<T>();
    failed();
    return {};
  }
  // Nothing is left then, so that whatever is read next fails as well.
  ByteView failed() {
    ok_ = false;
    end_ = at_;
    return {};
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

}  // namespace tl
