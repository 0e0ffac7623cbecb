// Text from outside, short enough to be repeated in an error.
#pragma once

#include <string>
#include <string_view>

namespace tl {

// `text`, or as many of its characters as fit into 64 bytes and `…`.
std::string shortened(std::string_view text);

}  // namespace tl
