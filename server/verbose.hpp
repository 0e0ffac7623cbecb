// --verbose: objects copied to stdout as they come and go, one a line, with what must stay secret
// blanked by its name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tl/value.hpp"

namespace server {

// `value` as JSON text, secrets replaced by "…".
std::string blanked(const tl::Value& value);

enum class Direction : char { in = '>', out = '<' };

// "12 > {…}". Text that is no JSON is told by its length only.
void copy_object(std::uint64_t connection, Direction, const tl::Value& value);
void copy_text(std::uint64_t connection, Direction, std::string_view text);
void copy_length(std::uint64_t connection, Direction, std::size_t bytes);

}  // namespace server
