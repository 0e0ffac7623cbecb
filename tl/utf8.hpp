// Whether text is well-formed UTF-8. RFC 3629.
#pragma once

#include <cstddef>
#include <string_view>

namespace tl {

// The length of the well-formed sequence at the start of `text`, or 0.
std::size_t utf8_sequence(std::string_view text);

// How much of `text` is well-formed.
std::size_t utf8_length(std::string_view text);

// Whether all of it is: faster than utf8_length().
bool is_utf8(std::string_view text);

}  // namespace tl
