// Whose request a text was to be that is none: `{"id":5,"mess` is number 5's. Pure, and linear in
// what is given of the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace server {

// As much of a text as may hold its id: 256 bytes in quotes, and what stands around them.
inline constexpr std::size_t start_with_id = 320;

// The id with which `start`, the first bytes of a text, begins, as JSON text, where it is there
// whole and one that a request may have.
std::optional<std::string> leading_id(std::string_view start);

}  // namespace server
