// Text from outside, short enough to be repeated in an error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tl {

// `text`, or as many of its characters as fit into `most` bytes and `…`.
std::string shortened(std::string_view text, std::size_t most = 64);

}  // namespace tl
