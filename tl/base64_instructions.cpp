// As in W. Muła, D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions".
#include "tl/base64_ways.hpp"

#if defined(__x86_64__)
#include <tmmintrin.h>
#endif

namespace tl::base64 {

#if defined(__x86_64__)

#define WITH_SSSE3 __attribute__((target("ssse3")))

namespace {

// Three bytes a, b, c in each word, as b a c b: the low half holds a and b, the high one b and c.
// Digits 0 and 2 move to the right in their halves, digits 1 and 3 to the left.
WITH_SSSE3 __m128i digits(__m128i bytes) {
  const auto spread =
      _mm_shuffle_epi8(bytes, _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
  const auto even = _mm_mulhi_epu16(_mm_and_si128(spread, _mm_set1_epi32(0x0FC0FC00)),
                                    _mm_set1_epi32(0x04000040));
  const auto odd = _mm_mullo_epi16(_mm_and_si128(spread, _mm_set1_epi32(0x003F03F0)),
                                   _mm_set1_epi32(0x01000010));
  return _mm_or_si128(even, odd);
}

// What to add to a digit hangs on which of five ranges it is in.
WITH_SSSE3 __m128i characters(__m128i digits) {
  const auto offsets =
      _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                    '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
  const auto upper = _mm_cmplt_epi8(digits, _mm_set1_epi8(26));
  const auto range = _mm_or_si128(_mm_subs_epu8(digits, _mm_set1_epi8(51)),
                                  _mm_and_si128(upper, _mm_set1_epi8(13)));
  return _mm_add_epi8(digits, _mm_shuffle_epi8(offsets, range));
}

// All bits of each character from `first` to `last`. What is not ASCII is below all of them.
WITH_SSSE3 __m128i between(__m128i characters, char first, char last) {
  return _mm_and_si128(_mm_cmpgt_epi8(characters, _mm_set1_epi8(static_cast<char>(first - 1))),
                       _mm_cmplt_epi8(characters, _mm_set1_epi8(static_cast<char>(last + 1))));
}

WITH_SSSE3 __m128i either(__m128i characters, char one, char other) {
  return _mm_or_si128(_mm_cmpeq_epi8(characters, _mm_set1_epi8(one)),
                      _mm_cmpeq_epi8(characters, _mm_set1_epi8(other)));
}

// What each character counts, in either alphabet; false where one is no digit.
WITH_SSSE3 bool values(__m128i characters, __m128i& out) {
  const struct {
    __m128i which;
    __m128i value;
  } ranges[] = {
      {between(characters, 'A', 'Z'), _mm_sub_epi8(characters, _mm_set1_epi8('A'))},
      {between(characters, 'a', 'z'), _mm_sub_epi8(characters, _mm_set1_epi8('a' - 26))},
      {between(characters, '0', '9'), _mm_add_epi8(characters, _mm_set1_epi8(52 - '0'))},
      {either(characters, '+', '-'), _mm_set1_epi8(62)},
      {either(characters, '/', '_'), _mm_set1_epi8(63)},
  };
  auto known = _mm_setzero_si128();
  out = _mm_setzero_si128();
  for (const auto& [which, value] : ranges) {
    known = _mm_or_si128(known, which);
    out = _mm_or_si128(out, _mm_and_si128(which, value));
  }
  return _mm_movemask_epi8(known) == 0xFFFF;
}

// Four values in each word, the first of them lowest: their 24 bits, then three bytes of each word.
WITH_SSSE3 __m128i packed(__m128i values) {
  const auto pairs = _mm_maddubs_epi16(values, _mm_set1_epi32(0x01400140));
  const auto words = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000));
  return _mm_shuffle_epi8(words,
                          _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
}

}  // namespace

bool has_instructions() {
  static const bool has = __builtin_cpu_supports("ssse3") != 0;
  return has;
}

WITH_SSSE3 std::size_t write_blocks(ByteView bytes, char* to) {
  std::size_t i = 0;
  for (; i + 16 <= bytes.size(); i += 12, to += 16) {
    const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), characters(digits(block)));
  }
  return i;
}

WITH_SSSE3 std::size_t read_blocks(std::string_view digits, std::uint8_t* to) {
  std::size_t i = 0;
  for (; i + 24 <= digits.size(); i += 16, to += 12) {
    const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits.data() + i));
    __m128i sixes;
    if (!values(block, sixes)) break;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), packed(sixes));
  }
  return i;
}

#else

bool has_instructions() { return false; }

std::size_t write_blocks(ByteView, char*) { return 0; }

std::size_t read_blocks(std::string_view, std::uint8_t*) { return 0; }

#endif

}  // namespace tl::base64
