// Which constructors Telegram may send: what methods answer with and what updates bring, and all
// that is in them. The others are only ever sent to it.
#pragma once

#include <vector>

#include "tl/schema.hpp"

namespace server::docs {

// By the place of a combinator.
std::vector<bool> answered(const tl::Schema& schema);

}  // namespace server::docs
