#include "tl/crc32.hpp"

#include <array>

namespace tl {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    auto word = i;
    for (int bit = 0; bit < 8; ++bit) word = word >> 1 ^ (word & 1 ? 0xEDB88320U : 0U);
    table[i] = word;
  }
  return table;
}

constexpr auto table = make_table();

}  // namespace

std::uint32_t crc32(std::string_view text) {
  std::uint32_t word = 0xFFFFFFFF;
  for (const char c : text) word = word >> 8 ^ table[(word ^ static_cast<std::uint8_t>(c)) & 255];
  return ~word;
}

}  // namespace tl
