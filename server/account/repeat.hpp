// What may be sent a second time where it can't be known whether the first arrived.
// A method that only reads, and one that carries a random_id, by which Telegram knows it again.
#pragma once

#include "mtproto/session/session.hpp"
#include "tl/schema.hpp"

namespace server::account {

// `method` is the innermost, inside wrappers.
mtproto::Repeat repeat_of(const tl::Combinator& method);

}  // namespace server::account
