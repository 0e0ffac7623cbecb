#include "tl/pasted_text.hpp"

#include <algorithm>
#include <array>

#include "tl/utf8.hpp"

namespace tl {
namespace {

struct Range {
  char32_t first, last;
  Stray kind;
};

// Unicode's names of them: White_Space, Default_Ignorable_Code_Point and Cc, Quotation_Mark, Dash.
constexpr std::array ranges{
    Range{0x00, 0x08, Stray::marks},      Range{0x09, 0x0D, Stray::blanks},
    Range{0x0E, 0x1F, Stray::marks},      Range{0x20, 0x20, Stray::blanks},
    Range{0x22, 0x22, Stray::quotes},     Range{0x27, 0x27, Stray::quotes},
    Range{0x2D, 0x2D, Stray::dashes},     Range{0x60, 0x60, Stray::quotes},
    Range{0x7F, 0x84, Stray::marks},      Range{0x85, 0x85, Stray::blanks},
    Range{0x86, 0x9F, Stray::marks},      Range{0xA0, 0xA0, Stray::blanks},
    Range{0xAB, 0xAB, Stray::quotes},     Range{0xAD, 0xAD, Stray::marks},
    Range{0xB4, 0xB4, Stray::quotes},     Range{0xBB, 0xBB, Stray::quotes},
    Range{0x34F, 0x34F, Stray::marks},    Range{0x61C, 0x61C, Stray::marks},
    Range{0x1680, 0x1680, Stray::blanks}, Range{0x180B, 0x180E, Stray::marks},
    Range{0x2000, 0x200A, Stray::blanks}, Range{0x200B, 0x200F, Stray::marks},
    Range{0x2010, 0x2015, Stray::dashes}, Range{0x2018, 0x201F, Stray::quotes},
    Range{0x2028, 0x2029, Stray::blanks}, Range{0x202A, 0x202E, Stray::marks},
    Range{0x202F, 0x202F, Stray::blanks}, Range{0x2032, 0x2033, Stray::quotes},
    Range{0x2039, 0x203A, Stray::quotes}, Range{0x205F, 0x205F, Stray::blanks},
    Range{0x2060, 0x206F, Stray::marks},  Range{0x2212, 0x2212, Stray::dashes},
    Range{0x3000, 0x3000, Stray::blanks}, Range{0xFE00, 0xFE0F, Stray::marks},
    Range{0xFE58, 0xFE58, Stray::dashes}, Range{0xFE63, 0xFE63, Stray::dashes},
    Range{0xFEFF, 0xFEFF, Stray::marks},  Range{0xFF0D, 0xFF0D, Stray::dashes},
};

struct Character {
  char32_t code = 0;
  std::size_t size = 1;
};

// What is not UTF-8 is a character of one byte that is nobody's.
Character first_of(std::string_view text) {
  const auto size = utf8_sequence(text);
  if (size == 0) return {0x10FFFF, 1};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (size == 1) return {byte(0), 1};
  char32_t code = byte(0) & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3FU);
  return {code, size};
}

bool is_stray(char32_t code, Stray kinds) {
  for (const auto& range : ranges) {
    if (code < range.first) return false;
    if (code > range.last) continue;
    return (static_cast<unsigned>(range.kind) & static_cast<unsigned>(kinds)) != 0;
  }
  return false;
}

}  // namespace

std::string without(std::string_view text, Stray kinds) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = first_of(text);
    if (!is_stray(next.code, kinds)) out += text.substr(0, next.size);
    text.remove_prefix(next.size);
  }
  return out;
}

std::string_view trimmed_of(std::string_view text, Stray kinds) {
  std::size_t at = 0, begin = text.size(), end = 0;
  while (at < text.size()) {
    const auto next = first_of(text.substr(at));
    if (!is_stray(next.code, kinds)) {
      begin = std::min(begin, at);
      end = at + next.size;
    }
    at += next.size;
  }
  return end == 0 ? text.substr(0, 0) : text.substr(begin, end - begin);
}

}  // namespace tl
