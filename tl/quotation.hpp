// A piece of somebody's file in a message about it: short, on one line, fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace tl {

// `text` in backquotes, cut by shortened(); what moves a terminal's cursor is a `?`.
std::string quotation(std::string_view text);

}  // namespace tl
