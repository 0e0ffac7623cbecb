#include "tl/name_blocks.hpp"

#include <algorithm>

namespace tl {

Piece NameBlocks::add(std::string_view before, std::string_view name, std::string_view behind) {
  constexpr std::size_t block = 16 * 1024;
  const auto size = before.size() + name.size() + behind.size();
  if (left_ < size + Piece::room) {
    left_ = std::max(block, size + Piece::room);
    blocks_.push_back(std::make_unique<char[]>(left_));
    at_ = blocks_.back().get();
  }
  const Piece out{at_, size};
  for (const auto part : {before, name, behind}) at_ = std::copy(part.begin(), part.end(), at_);
  left_ -= size;
  return out;
}

}  // namespace tl
