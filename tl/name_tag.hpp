// A number that tells names apart: two of the same tag are most likely the same name. Made of a
// name's length, first and last bytes, because names of one combinator often share one end.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tl {

namespace tag {
template <class Word>
std::uint64_t load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}
}  // namespace tag

inline std::uint64_t name_tag(std::string_view name) {
  constexpr std::uint64_t mixer = 0x9E3779B97F4A7C15;
  const auto* at = name.data();
  const auto size = name.size();
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (size >= 8) {
    first = tag::load<std::uint64_t>(at);
    last = tag::load<std::uint64_t>(at + size - 8);
  } else if (size >= 4) {
    first = tag::load<std::uint32_t>(at);
    last = tag::load<std::uint32_t>(at + size - 4);
  } else if (size != 0) {
    first = tag::load<std::uint8_t>(at) | tag::load<std::uint8_t>(at + size / 2) << 8;
    last = tag::load<std::uint8_t>(at + size - 1);
  }
  const auto mixed = (first ^ size) * mixer;
  return ((mixed ^ mixed >> 32) + last) * mixer;
}

}  // namespace tl
