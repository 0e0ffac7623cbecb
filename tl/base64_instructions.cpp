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

#else

bool has_instructions() { return false; }

std::size_t write_blocks(ByteView, char*) { return 0; }

#endif

}  // namespace tl::base64
