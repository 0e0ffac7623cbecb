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

void RunningCrc32::add(std::string_view text) {
  auto word = word_;
  for (const char c : text) word = word >> 8 ^ table[(word ^ static_cast<std::uint8_t>(c)) & 255];
  word_ = word;
}

std::uint32_t crc32(std::string_view text) {
  RunningCrc32 crc;
  crc.add(text);
  return crc.value();
}

}  // namespace tl
