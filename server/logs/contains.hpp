// std::string_view::contains, which C++20 does not have yet.
#pragma once

#include <string_view>

namespace server::logs {

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace server::logs
