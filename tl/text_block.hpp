// So many bytes of text as the processor looks at together: sixteen by SSE2 on x86-64 (all of
// them have it), elsewhere eight in a word. Both say the same of a text; tests hold them against each
// other.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
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

constexpr std::uint64_t each(std::uint8_t byte) { return 0x0101010101010101U * byte; }

}  // namespace text_block

// What stands somewhere in a block is told as marks: a number that has a bit for each such byte, in
// their order.
class WordBlock {
 public:
  static constexpr std::size_t size = 8;
  using Marks = std::uint64_t;

  WordBlock() = default;
  // A whole one.
  explicit WordBlock(const char* from) : word_(text_block::load<std::uint64_t>(from)) {}
  // The last bytes of a text, at least one and less than a block; zeros behind them.
  WordBlock(const char* from, std::size_t left) : word_(text_block::load_few(from, left)) {}
  // Only the first bytes, less than a block; zeros behind them.
  WordBlock first(std::size_t count) const { return WordBlock(word_ & among(count)); }

  void store(char* to) const { std::memcpy(to, &word_, sizeof word_); }
  void operator|=(WordBlock other) { word_ |= other.word_; }
  bool ascii() const { return high() == 0; }

  Marks high() const { return word_ & text_block::each(0x80); }
  // What JSON wants escaped.
  Marks escaped() const {
    using text_block::each;
    // A byte that is one of those leaves its high bit clear; no sum reaches the byte above.
    const auto low = word_ & each(0x7F);
    const auto others = (low + each(0x80 - ' ')) & ((low ^ each('"')) + each(0x7F)) &
                        ((low ^ each('\\')) + each(0x7F));
    return ~(others | word_) & each(0x80);
  }
  // Both of them.
  Marks special() const { return escaped() | high(); }

  // Of the first bytes, less than a block.
  static Marks among(std::size_t count) { return (Marks{1} << count * 8) - 1; }
  // Where the first of them is; behind the block where there is none.
  static std::size_t place(Marks marks) {
    static_assert(std::endian::native == std::endian::little);
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
  }

  // How many of the first `among` bytes stand before the first that JSON wants escaped.
  std::size_t plain(std::size_t among) const { return std::min(place(escaped()), among); }

  std::uint64_t word() const { return word_; }

 private:
  explicit WordBlock(std::uint64_t word) : word_(word) {}

  std::uint64_t word_ = 0;
};

#if defined(__x86_64__)

class Sse2Block {
 public:
  static constexpr std::size_t size = 16;
  using Marks = std::uint32_t;

  Sse2Block() : bytes_(_mm_setzero_si128()) {}
  explicit Sse2Block(const char* from)
      : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))) {}
  Sse2Block(const char* from, std::size_t left) {
    using namespace text_block;
    if (left < 8) {
      bytes_ = _mm_cvtsi64_si128(static_cast<long long>(load_few(from, left)));
    } else {  // of eight bytes the second word is shifted by all its bits
      const auto rest = load<std::uint64_t>(from + left - 8) >> 1 >> (127 - left * 8);
      bytes_ = _mm_set_epi64x(static_cast<long long>(rest),
                              static_cast<long long>(load<std::uint64_t>(from)));
    }
  }
  Sse2Block first(std::size_t count) const {
    const auto places = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const auto wanted = _mm_cmplt_epi8(places, _mm_set1_epi8(static_cast<char>(count)));
    return Sse2Block(_mm_and_si128(bytes_, wanted));
  }

  void store(char* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }
  void operator|=(Sse2Block other) { bytes_ = _mm_or_si128(bytes_, other.bytes_); }
  bool ascii() const { return high() == 0; }

  Marks high() const { return marks(bytes_); }
  Marks escaped() const { return marks(escapes()); }
  Marks special() const { return marks(_mm_or_si128(escapes(), bytes_)); }

  static Marks among(std::size_t count) { return (Marks{1} << count) - 1; }
  static std::size_t place(Marks marks) {
    return static_cast<std::size_t>(std::countr_zero(marks));
  }

  std::size_t plain(std::size_t among) const { return place(escaped() | Marks{1} << among); }

  __m128i bytes() const { return bytes_; }

 private:
  explicit Sse2Block(__m128i bytes) : bytes_(bytes) {}

  static Marks marks(__m128i bytes) { return static_cast<Marks>(_mm_movemask_epi8(bytes)); }
  __m128i escapes() const {
    const auto control = _mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(0x1f)), bytes_);
    const auto quote = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"'));
    const auto slash = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\'));
    return _mm_or_si128(control, _mm_or_si128(quote, slash));
  }

  __m128i bytes_;
};

using TextBlock = Sse2Block;

#else

using TextBlock = WordBlock;

#endif

}  // namespace tl
