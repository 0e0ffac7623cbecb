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
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  std::uint32_t nat() { return number<std::uint32_t>(); }
  std::int32_t int32() { return number<std::int32_t>(); }
  std::int64_t int64() { return number<std::int64_t>(); }
  double float64() { return number<double>(); }
  // A TL string or bytes: length, data, zero bytes up to a multiple of four (not insisted on).
  ByteView bytes();
  bool boolean();
  // `size` bytes as they stand.
  ByteView raw(std::size_t size) {
    if (!ok_ || size > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    const auto view = bytes_.subspan(at_, size);
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
  std::uint32_t peek() const;

  std::size_t offset() const { return at_; }
  std::size_t left() const { return ok_ ? bytes_.size() - at_ : 0; }
  ByteView rest() const { return ok_ ? bytes_.subspan(at_) : ByteView{}; }
  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  // Marks a failure here.
  void fail();

 private:
  template <class T>
  T number() {
    T value{};
    auto from = raw(sizeof(T));
    if (from.size() == sizeof(T)) std::memcpy(&value, from.data(), sizeof(T));
    return value;
  }

  ByteView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tl
