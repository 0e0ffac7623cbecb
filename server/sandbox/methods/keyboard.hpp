// What ReplyMarkup stands for.
#pragma once

#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {

// Null where there is none, and for people: only bots show buttons.
Outcome<KeyboardPtr> keyboard_of(Call& call, const tl::Value& input);

}  // namespace server::sandbox
