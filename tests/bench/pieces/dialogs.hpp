// A list of dialogs such as clients get: `messages.dialogs` with so many dialogs, their last
// messages and the people, of usual sizes. The text is what decoding it gives, byte by byte.
#pragma once

#include <string>

namespace bench {

std::string dialogs(int count);

}  // namespace bench
