// Names and pieces of JSON text that live as long as a scheme: written once, into blocks of memory,
// where nothing moves.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace tl {

// A piece of JSON text made when the scheme was read. At least `room` bytes can be read from its
// beginning, however short it is, so that copying one takes no loop.
struct Piece {
  static constexpr std::size_t room = 32;
  const char* data = nullptr;
  std::size_t size = 0;
};

class NameBlocks {
 public:
  // The three in a row.
  Piece add(std::string_view before, std::string_view name, std::string_view behind);
  std::string_view add(std::string_view name) {
    const auto piece = add({}, name, {});
    return {piece.data, piece.size};
  }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;  // of the last block
};

}  // namespace tl
