// --verbose: objects copied to stdout as they come and go, one a line, with what must stay secret
// blanked and what is long cut: a large answer costs its thread no more than a small one.
#pragma once

#include <cstdint>
#include <string_view>

#include "server/protocol/long_text.hpp"
#include "tl/value.hpp"

namespace server::logs {

enum class Direction : char { in = '>', out = '<' };

// "12 > {…}", and in words where something of it was left out.
void copy_object(std::uint64_t connection, Direction, const tl::Value& value);
// What stands behind the first `from` bytes of `text`.
void copy_text(std::uint64_t connection, Direction, const LongText& text, std::size_t from);
// Text that is no JSON is told by its length only.
void copy_length(std::uint64_t connection, Direction, std::size_t bytes);

}  // namespace server::logs
