// Text from outside, made fit for a terminal and for a line of a log: what would move the cursor,
// end the line or turn the order of what is read is written out as \u001b, \u009b, \u202e, a byte
// that is no UTF-8 as \x9b. Within JSON text the result is JSON of the same meaning.
#pragma once

#include <string>
#include <string_view>

namespace server::logs {

std::string escaped(std::string_view text);

// The same for text of several lines, which stay lines.
std::string escaped_lines(std::string_view text);

}  // namespace server::logs
