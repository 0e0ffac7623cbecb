// So many bytes of text as the processor looks at together: sixteen where it has SSE2 (all of
// x86-64 has), elsewhere eight in a word.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tl {

namespace text_block {

template <class Word>
std::uint64_t load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// One to seven bytes as the low ones of a word, and zeros. Parts that overlap say the same twice.
inline std::uint64_t load_few(const char* from, std::size_t size) {
  if (size >= 4) {
    return load<std::uint32_t>(from) | load<std::uint32_t>(from + size - 4) << (size - 4) * 8;
  }
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(from[i])) << i * 8;
  };
  return byte(0) | byte(size / 2) | byte(size - 1);
}

}  // namespace text_block

#if defined(__SSE2__)

class TextBlock {
 public:
  static constexpr std::size_t size = 16;

  TextBlock() : bytes_(_mm_setzero_si128()) {}
  // A whole one.
  explicit TextBlock(const char* from)
      : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))) {}
  // The last bytes of a text, at least one and less than a block; zeros behind them.
  TextBlock(const char* from, std::size_t left) {
    using namespace text_block;
    if (left < 8) {
      bytes_ = _mm_cvtsi64_si128(static_cast<long long>(load_few(from, left)));
    } else {  // of eight bytes the second word is shifted by all its bits
      const auto rest = load<std::uint64_t>(from + left - 8) >> 1 >> (127 - left * 8);
      bytes_ = _mm_set_epi64x(static_cast<long long>(rest),
                              static_cast<long long>(load<std::uint64_t>(from)));
    }
  }

  void store(char* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }
  void operator|=(TextBlock other) { bytes_ = _mm_or_si128(bytes_, other.bytes_); }
  bool ascii() const { return _mm_movemask_epi8(bytes_) == 0; }

  // How many of the first `among` bytes stand before the first that JSON wants escaped.
  std::size_t plain(std::size_t among) const {
    const auto control = _mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(0x1f)), bytes_);
    const auto quote = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"'));
    const auto slash = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\'));
    const auto found = _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash)));
    return static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found) | 1U << among));
  }

 private:
  __m128i bytes_;
};

#else

class TextBlock {
 public:
  static constexpr std::size_t size = 8;

  TextBlock() = default;
  explicit TextBlock(const char* from) : word_(text_block::load<std::uint64_t>(from)) {}
  TextBlock(const char* from, std::size_t left) : word_(text_block::load_few(from, left)) {}

  void store(char* to) const { std::memcpy(to, &word_, sizeof word_); }
  void operator|=(TextBlock other) { word_ |= other.word_; }
  bool ascii() const { return (word_ & each(0x80)) == 0; }

  std::size_t plain(std::size_t among) const {
    static_assert(std::endian::native == std::endian::little);
    const auto quote = word_ ^ each('"');
    const auto slash = word_ ^ each('\\');
    // The high bit of each such byte; above the lowest of them it may be wrong.
    const auto found = (((word_ - each(0x20)) & ~word_) | ((quote - each(1)) & ~quote) |
                        ((slash - each(1)) & ~slash)) &
                       each(0x80);
    const auto place = static_cast<std::size_t>(std::countr_zero(found)) / 8;
    return place < among ? place : among;
  }

 private:
  static constexpr std::uint64_t each(std::uint8_t byte) { return 0x0101010101010101U * byte; }

  std::uint64_t word_ = 0;
};

#endif

}  // namespace tl
