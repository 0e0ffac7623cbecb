// Which of Telegram's methods change nothing: a token that may only read calls no others.
#pragma once

#include <string_view>

namespace server {

// True where the part behind the dot begins with get, search or check, or is one of a few more;
// but not for what signs somebody in, presses buttons, hands out links that act, or counts.
bool only_reads(std::string_view method);

}  // namespace server
