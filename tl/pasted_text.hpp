// Text that people paste into a field of its own: what came along from a page, a chat or a word
// processor and can't belong there. Linear; the result is not longer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tl {

enum class Stray : std::uint8_t {
  blanks = 1,  // white space of all kinds, line breaks among it
  marks = 2,   // what is not seen: joiners, directions, byte order marks, controls
  quotes = 4,  // straight, typographic and backquotes
  dashes = 8,  // from - to ―, and the minus sign
};
constexpr Stray operator|(Stray a, Stray b) {
  return static_cast<Stray>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

// `text` without those, wherever they stand.
std::string without(std::string_view text, Stray);

// `text` without those at both ends; a view into it.
std::string_view trimmed_of(std::string_view text, Stray);

}  // namespace tl
