// Whether text is well-formed UTF-8, told block by block as it is read: whoever copies a text checks
// it on the way. RFC 3629. Behind the end of the text a block has zeros.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tl/text_block.hpp"

namespace tl {

// Byte by byte: how many tails are due, and between which bounds the next of them has to be.
class WordUtf8Check {
 public:
  void block(WordBlock block) {
    if (block.ascii() && due_ == 0) return;
    for (std::size_t i = 0; i < WordBlock::size; ++i) {
      byte(static_cast<std::uint8_t>(block.word() >> i * 8));
    }
  }

  bool good() const { return !wrong_ && due_ == 0; }

 private:
  void byte(std::uint8_t byte) {
    if (due_ != 0) {
      wrong_ |= byte < least_ || byte > most_;
      least_ = 0x80;
      most_ = 0xBF;
      --due_;
    } else if (byte >= 0x80) {
      wrong_ |= byte < 0xC2 || byte > 0xF4;
      due_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
      // None longer than it need be, no surrogate, nothing above U+10FFFF.
      least_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
      most_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    }
  }

  int due_ = 0;
  std::uint8_t least_ = 0x80, most_ = 0xBF;
  bool wrong_ = false;
};

#if defined(__x86_64__)

// Sixteen bytes at once, each kind of byte as a mask with a bit for each. What follows a lead is
// its mask shifted; what is shifted beyond the sixteen is due in the next block.
class Sse2Utf8Check {
 public:
  void block(Sse2Block block) {
    const auto bytes = block.bytes();
    const auto tails = bits(below(bytes, 0xC0));
    const auto leads = block.high() & ~tails;
    auto due = due_ | leads << 1;
    wrong_ = _mm_or_si128(wrong_, equal(_mm_and_si128(bytes, all(0xFE)), 0xC0));
    const auto longer = bits(from(bytes, 0xE0));
    if ((longer | longer_due_) != 0) {
      due |= longer << 2 | bits(from(bytes, 0xF0)) << 3;
      narrow(bytes);
    }
    misplaced_ |= (tails ^ due) & 0xFFFF;
    due_ = due >> 16;
    longer_due_ = longer >> 15;
    before_ = bytes;
  }

  bool good() const {
    return (misplaced_ | due_) == 0 && bits(_mm_cmpeq_epi8(wrong_, _mm_setzero_si128())) == 0xFFFF;
  }

 private:
  static __m128i all(int byte) { return _mm_set1_epi8(static_cast<char>(byte)); }
  static std::uint32_t bits(__m128i bytes) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
  // Of the bytes from 0x80 on, those below `limit`.
  static __m128i below(__m128i bytes, int limit) { return _mm_cmplt_epi8(bytes, all(limit)); }
  static __m128i from(__m128i bytes, int least) {
    return _mm_cmpeq_epi8(_mm_max_epu8(bytes, all(least)), bytes);
  }
  static __m128i equal(__m128i bytes, int byte) { return _mm_cmpeq_epi8(bytes, all(byte)); }

  // Behind four leads not every tail may stand: no sequence longer than it need be, no surrogate,
  // nothing above U+10FFFF. What is no tail at all is misplaced anyway.
  void narrow(__m128i bytes) {
    const auto last = _mm_or_si128(_mm_slli_si128(bytes, 1), _mm_srli_si128(before_, 15));
    const auto below_a0 = below(bytes, 0xA0);
    const auto below_90 = below(bytes, 0x90);
    for (const auto wrong :
         {_mm_and_si128(below_a0, equal(last, 0xE0)), _mm_andnot_si128(below_a0, equal(last, 0xED)),
          _mm_and_si128(below_90, equal(last, 0xF0)), _mm_andnot_si128(below_90, equal(last, 0xF4)),
          from(bytes, 0xF5)}) {
      wrong_ = _mm_or_si128(wrong_, wrong);
    }
  }

  __m128i before_ = _mm_setzero_si128();  // the block before
  __m128i wrong_ = _mm_setzero_si128();
  std::uint32_t misplaced_ = 0;
  std::uint32_t due_ = 0;
  std::uint32_t longer_due_ = 0;  // the block before ends with the lead of three or four
};

using Utf8Check = Sse2Utf8Check;

#else

using Utf8Check = WordUtf8Check;

#endif

}  // namespace tl
