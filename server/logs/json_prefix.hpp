// The beginning of a long JSON text, as JSON.
#pragma once

#include <string>
#include <string_view>

namespace server::logs {

// As much of `text`, whose end is missing, as makes whole values, closed: {"a":[1,{"b":"c…" gives
// {"a":[1,{}]}.
std::string closed_prefix(std::string_view text);

}  // namespace server::logs
