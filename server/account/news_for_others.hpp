// What the answer to one client's request has for the other clients of its account: Telegram pushes
// nothing that it told in an answer. core.telegram.org/api/updates
#pragma once

#include <vector>

#include "tl/schema.hpp"
#include "tl/slice.hpp"

namespace server::account {

// Each as it would be pushed or was answered: Updates, those inside another answer, too; a counter
// of the account's that moved (messages.affectedMessages); one of a channel's as
// updateChannelTooLong; updatesTooLong where the answer can't be looked into, or is too large to be
// at once. `query`: the request.
std::vector<tl::Slice> news_for_others(const tl::Schema&, const tl::Slice& answer,
                                       tl::ByteView query);

}  // namespace server::account
