#include "tl/json_text.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "tl/base64.hpp"
#include "tl/utf8.hpp"
#include "tl/value.hpp"

namespace tl {
namespace {

constexpr std::uint64_t each(std::uint8_t byte) { return 0x0101010101010101U * byte; }
constexpr std::uint64_t high_bits = each(0x80);

template <class Word>
std::uint64_t load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// The high bit of each byte that has to be escaped; above the lowest such byte it may be wrong.
std::uint64_t to_escape(std::uint64_t eight) {
  const auto quote = eight ^ each('"');
  const auto slash = eight ^ each('\\');
  return (((eight - each(0x20)) & ~eight) | ((quote - each(1)) & ~quote) |
          ((slash - each(1)) & ~slash)) &
         high_bits;
}

// At most six bytes.
char* put_escape(unsigned char c, char* to) {
  constexpr char digits[] = "0123456789abcdef";
  constexpr std::string_view short_ones = "\"\"\\\\\nn\rr\tt\bb\ff";
  *to++ = '\\';
  for (std::size_t i = 0; i < short_ones.size(); i += 2) {
    if (static_cast<unsigned char>(short_ones[i]) != c) continue;
    *to++ = short_ones[i + 1];
    return to;
  }
  const char rest[] = {'u', '0', '0', digits[c >> 4], digits[c & 15]};
  std::memcpy(to, rest, sizeof rest);
  return to + sizeof rest;
}

// Less than eight bytes as one word, the rest of it blank.
std::uint64_t load_few(const char* at, std::size_t size) {
  if (size >= 4) {
    const auto shift = (8 - size) * 8;
    const auto last = load<std::uint32_t>(at + size - 4) << 32 >> shift;
    return load<std::uint32_t>(at) | last | (each(' ') << (64 - shift));
  }
  auto word = each(' ');
  for (auto i = size; i-- > 0;) word = word << 8 | static_cast<unsigned char>(at[i]);
  return word;
}

#if defined(__SSE2__)
__m128i load_block(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// A bit for each of sixteen bytes.
unsigned to_escape(__m128i block) {
  const auto control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
  const auto quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const auto slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  return static_cast<unsigned>(
      _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash))));
}
#endif

// A part of a text as it is put: how far it came, and what it saw on the way.
struct Copied {
  const char* from;
  char* to;
  std::uint64_t seen;  // all bytes put, one upon another
};

// Up to the first byte that has to be escaped. May write eight bytes too many.
Copied copy_plain(const char* at, const char* end, char* to) {
  std::uint64_t seen = 0;
#if defined(__SSE2__)
  if (end - at >= 16) {
    auto upon = _mm_setzero_si128();
    unsigned found = 0;
    do {
      const auto block = load_block(at);
      found = to_escape(block);
      if (found != 0) break;
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
      upon = _mm_or_si128(upon, block);
      at += 16;
      to += 16;
    } while (end - at >= 16);
    const auto left = end - at;
    if (found == 0 && left != 0) {  // the last sixteen once more, for the few that are left
      const auto block = load_block(end - 16);
      if (to_escape(block) >> (16 - left) == 0) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + left - 16), block);
        upon = _mm_or_si128(upon, block);
        at = end;
        to += left;
      }
    }
    if (_mm_movemask_epi8(upon) != 0) seen = high_bits;
  }
#endif
  while (true) {
    const auto left = static_cast<std::size_t>(end - at);
    if (left == 0) return {at, to, seen};
    const auto eight = left >= 8 ? load<std::uint64_t>(at) : load_few(at, left);
    std::memcpy(to, &eight, 8);
    const auto found = to_escape(eight);
    seen |= eight;
    const auto plain = std::min<std::size_t>(
        left, found == 0 ? 8 : static_cast<std::size_t>(std::countr_zero(found)) / 8);
    at += plain;
    to += plain;
    if (found != 0) return {at, to, seen};
  }
}

// A text with its quotes, whatever its bytes are; whether one was not ASCII.
bool put_quoted(std::string_view text, TextBuffer& out) {
  constexpr std::size_t slack = 16;  // an escape, a quote, and what copy_plain() writes too many
  const auto* at = text.data();
  const auto* const end = at + text.size();
  auto* to = out.reserve(text.size() + slack);
  std::uint64_t seen = 0;
  *to++ = '"';
  while (true) {
    const auto copied = copy_plain(at, end, to);
    seen |= copied.seen;
    at = copied.from;
    to = copied.to;
    if (at == end) break;
    out.advance(put_escape(static_cast<unsigned char>(*at), to));
    ++at;
    to = out.reserve(static_cast<std::size_t>(end - at) + slack);
  }
  *to++ = '"';
  out.advance(to);
  return (seen & high_bits) != 0;
}

// Each byte that is no UTF-8 as U+FFFD.
void put_replaced(std::string_view text, TextBuffer& out) {
  const auto mark = out.size();
  if (!put_quoted(text, out) || is_utf8(text)) return;
  out.rewind(mark);
  std::string mended;
  while (true) {
    const auto good = utf8_length(text);
    mended += text.substr(0, good);
    if (good == text.size()) break;
    mended += "\xEF\xBF\xBD";
    text.remove_prefix(good + 1);
  }
  put_quoted(mended, out);
}

void put_value(const Value& value, TextBuffer& out) {
  switch (value.kind()) {
    case Value::Kind::null:
      return out.put("null");
    case Value::Kind::boolean:
      return out.put(value.as_bool() ? "true" : "false");
    case Value::Kind::integer:
      return out.number(*value.as_int64());
    case Value::Kind::real:
      return put_real(*value.as_double(), out);
    case Value::Kind::number:
      return out.put(value.text());
    case Value::Kind::string:
      return put_replaced(value.text(), out);
    case Value::Kind::bytes:
      return put_base64(value.as_bytes(), out);
    case Value::Kind::array: {
      out.put('[');
      bool first = true;
      for (const auto& item : value.items()) {
        if (!first) out.put(',');
        first = false;
        put_value(item, out);
      }
      return out.put(']');
    }
    case Value::Kind::object: {
      out.put('{');
      bool first = true;
      for (const auto& member : value.members()) {
        if (!first) out.put(',');
        first = false;
        put_replaced(member.key, out);
        out.put(':');
        put_value(member.value, out);
      }
      return out.put('}');
    }
  }
}

}  // namespace

bool put_string(std::string_view text, TextBuffer& out) {
  const auto mark = out.size();
  if (!put_quoted(text, out) || is_utf8(text)) return true;
  out.rewind(mark);
  return false;
}

void put_real(double value, TextBuffer& out) {
  if (std::isfinite(value)) {
    auto* to = out.reserve(32);
    out.advance(std::to_chars(to, to + 32, value).ptr);
  } else if (std::isnan(value)) {
    out.put("\"NaN\"");
  } else {
    out.put(value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  }
}

void put_base64(ByteView bytes, TextBuffer& out) {
  auto* to = out.reserve(base64_size(bytes.size()) + 2);
  *to++ = '"';
  to = write_base64(bytes, to);
  *to++ = '"';
  out.advance(to);
}

void write_json_string(std::string_view text, std::string& out) {
  TextBuffer buffer(out);
  put_replaced(text, buffer);
}

void write_json(const Value& value, std::string& out) {
  TextBuffer buffer(out);
  put_value(value, buffer);
}

}  // namespace tl
