// JSON for an operator to read: what must stay secret is blanked by its name, its looks and where
// it stands, and what is long is cut.
#pragma once

#include <string>

#include "tl/value.hpp"

namespace server::logs {

// Of one object, and of one string in it.
inline constexpr std::size_t longest_copy = std::size_t{64} << 10;
inline constexpr std::size_t longest_string = std::size_t{4} << 10;

struct Blanked {
  std::string text;  // JSON of one line, fit for a terminal; secrets are "…"
  bool cut = false;  // there was more
};

Blanked blanked(const tl::Value& value);

}  // namespace server::logs
