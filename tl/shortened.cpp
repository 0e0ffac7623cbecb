#include "tl/shortened.hpp"

#include "tl/utf8.hpp"

namespace tl {

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t size = 0;
  while (size < text.size()) {
    const auto next = utf8_sequence(text.substr(size));
    if (size + next > most || next == 0) {
      return std::string(text.substr(0, size)).append("\xE2\x80\xA6");
    }
    size += next;
  }
  return std::string(text);
}

}  // namespace tl
