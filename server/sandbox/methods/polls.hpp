// What inputMediaPoll and inputMediaDice stand for.
#pragma once

#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {

Outcome<Media> poll_of(Call& call, const tl::Value& input);
Outcome<Media> dice_of(Call& call, const tl::Value& input);

}  // namespace server::sandbox
