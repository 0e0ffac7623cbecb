// What some editors put in front of a file, and programs that write one pass on: it says "UTF-8"
// and nothing else. Whatever is read from a file or a pipe may begin with it.
#pragma once

#include <string_view>

namespace tl {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

inline std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

}  // namespace tl
