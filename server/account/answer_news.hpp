// What the answer to a client's request tells of updates and channels, wherever that stands in it:
// found by the types of the scheme, so that what wraps Updates in another layer is no surprise.
// core.telegram.org/api/updates
#pragma once

#include <cstdint>
#include <vector>

#include "tl/schema.hpp"
#include "tl/value.hpp"

namespace server::account {

// Views into the answer.
struct AnswerNews {
  std::vector<tl::Value> updates;  // of type Updates
  std::vector<tl::Value> counted;  // with `pts` and `pts_count`: messages.affectedMessages, …
  std::vector<tl::Value> chats;    // of type Chat
  std::vector<tl::Value> dialogs;  // of type Dialog
  // That the request was about, whose pts then moves; 0: the account's.
  std::int64_t channel = 0;
};

// Whether something of that may stand in a value of this type.
bool may_hold_news(const tl::Schema&, tl::TypeRef);
// As decode_value() gave it.
AnswerNews find_news(const tl::Schema&, const tl::Value& answer);

// Whether the pts in such an answer may be that of a channel, which only the request says.
bool counts_for_request(const tl::Combinator& answer);
// The channel that a request is about: its `parent_peer` where it may have one, else its `channel`
// or `peer`. 0 where it is none.
std::int64_t channel_asked(const tl::Schema&, tl::ByteView query);

}  // namespace server::account
