#include "tl/quotation.hpp"

#include <algorithm>

#include "tl/shortened.hpp"

namespace tl {

std::string quotation(std::string_view text) {
  // Three of them and a hint are below 200 bytes.
  constexpr std::size_t most = 42;
  auto out = "`" + shortened(text, most) + "`";
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return out;
}

}  // namespace tl
