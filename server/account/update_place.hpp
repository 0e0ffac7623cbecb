// Which counter an update belongs to, and where on it: read off its fields, so that a newer layer's
// updates find their place as well.
#pragma once

#include <cstdint>
#include <vector>

#include "tl/value.hpp"

namespace server::account {

struct UpdatePlace {
  enum class Counter : std::uint8_t {
    none,  // its container's seq, if that has one
    pts,   // the account's
    qts,
    channel,           // that channel's pts
    channel_too_long,  // there is more than Telegram tells by itself
    pts_changed,       // the account's pts is another one now: updatePtsChanged
  };
  Counter counter = Counter::none;
  std::int64_t channel = 0;
  std::int32_t at = 0;  // 0 in channel_too_long: not told
  std::int32_t count = 0;
  std::int32_t message_id = 0;  // of a new message
};

UpdatePlace place_of(const tl::Value& update);

// Any object of type Updates, as what it is made of.
struct Arrival {
  struct Part {
    UpdatePlace place;
    tl::Value update;  // null: the object as a whole is the update
  };
  std::vector<Part> parts;
  std::int32_t seq = 0;  // 0: in no order
  std::int32_t seq_count = 0;
  std::int32_t date = 0;
  bool too_long = false;  // updatesTooLong
};

Arrival read_arrival(const tl::Value& updates);

// The field as a counter: 0 where it is absent, negative or no number.
std::int32_t counter_of(const tl::Value& value);

}  // namespace server::account
