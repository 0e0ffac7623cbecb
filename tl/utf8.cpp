#include "tl/utf8.hpp"

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tl {

std::size_t utf8_sequence(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  if (text.empty()) return 0;
  const auto first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return tail(1) ? 2 : 0;
  if (first < 0xF0) {
    if (!tail(1) || !tail(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;   // longer than it need be
    if (first == 0xED && byte(1) >= 0xA0) return 0;  // a surrogate
    return 3;
  }
  if (first > 0xF4 || !tail(1) || !tail(2) || !tail(3)) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) >= 0x90) return 0;  // above U+10FFFF
  return 4;
}

std::size_t utf8_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const auto size = utf8_sequence(text.substr(length));
    if (size == 0) break;
    length += size;
  }
  return length;
}

#if defined(__SSE2__)

namespace {

// Sixteen bytes at once, each kind of byte as a mask with a bit for each. What follows a lead is
// its mask shifted; what is shifted beyond the sixteen is due in the next block.
class Checker {
 public:
  void block(__m128i bytes) {
    const auto high = bits(bytes);
    const auto tails = below(bytes, 0xC0);
    const auto leads = high & ~tails;
    auto due = due_ | leads << 1;
    wrong_ |= bits(_mm_cmpeq_epi8(_mm_and_si128(bytes, _mm_set1_epi8(-2)), all(0xC0)));
    const auto longer = from(bytes, 0xE0);
    if ((longer | narrow_due_) != 0) {
      due |= longer << 2 | from(bytes, 0xF0) << 3;
      narrow(bytes, tails);
    }
    wrong_ |= (tails ^ due) & 0xFFFF;
    due_ = due >> 16;
  }

  bool good() const { return wrong_ == 0 && due_ == 0; }

 private:
  static __m128i all(int byte) { return _mm_set1_epi8(static_cast<char>(byte)); }
  static std::uint32_t bits(__m128i bytes) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
  // Of the bytes from 0x80 on, those below `limit`.
  static std::uint32_t below(__m128i bytes, int limit) {
    return bits(_mm_cmplt_epi8(bytes, all(limit)));
  }
  static std::uint32_t from(__m128i bytes, int least) {
    return bits(_mm_cmpeq_epi8(_mm_max_epu8(bytes, all(least)), bytes));
  }
  static std::uint32_t equal(__m128i bytes, int byte) {
    return bits(_mm_cmpeq_epi8(bytes, all(byte)));
  }

  // Behind four leads not every tail may stand: no sequence longer than it need be, no surrogate,
  // nothing above U+10FFFF.
  void narrow(__m128i bytes, std::uint32_t tails) {
    const auto below_a0 = below(bytes, 0xA0);
    const auto below_90 = below(bytes, 0x90);
    const auto after = [&](int lead, int place) {
      const auto mask = equal(bytes, lead) << 1 | (narrow_due_ >> place & 1);
      narrow_next_ |= (mask >> 16) << place;
      return mask;
    };
    narrow_next_ = 0;
    wrong_ |= from(bytes, 0xF5);
    wrong_ |= after(0xE0, 0) & below_a0;
    wrong_ |= after(0xED, 1) & tails & ~below_a0;
    wrong_ |= after(0xF0, 2) & below_90;
    wrong_ |= after(0xF4, 3) & tails & ~below_90;
    narrow_due_ = narrow_next_;
  }

  std::uint32_t due_ = 0;
  std::uint32_t narrow_due_ = 0;
  std::uint32_t narrow_next_ = 0;
  std::uint32_t wrong_ = 0;
};

}  // namespace

bool is_utf8(std::string_view text) {
  Checker check;
  const auto* at = text.data();
  const auto* const end = at + text.size();
  for (; end - at >= 16; at += 16) {
    check.block(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
  }
  char rest[16] = {};
  if (at != end) std::memcpy(rest, at, static_cast<std::size_t>(end - at));
  check.block(_mm_loadu_si128(reinterpret_cast<const __m128i*>(rest)));
  return check.good();
}

#else

bool is_utf8(std::string_view text) { return utf8_length(text) == text.size(); }

#endif

}  // namespace tl
