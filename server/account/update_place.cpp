#include "server/account/update_place.hpp"

#include <limits>

namespace server::account {

namespace {

using Counter = UpdatePlace::Counter;

std::int64_t channel_of(const tl::Value& update) {
  const auto& own = update["channel_id"];
  const auto& id = own.is_null() ? update["message"]["peer_id"]["channel_id"] : own;
  const auto read = id.as_int64().value_or(0);
  return read > 0 ? read : 0;
}

// What no sound server says moves no counter.
bool counts(const tl::Value& pts, const tl::Value& count) {
  const auto at = pts.as_int64(), by = count.as_int64();
  return at && by && *at > 0 && *at <= std::numeric_limits<std::int32_t>::max() && *by >= 0 &&
         *by <= *at;
}

void read_container(const tl::Value& updates, Arrival& out) {
  for (const auto& update : updates["updates"].items()) {
    out.parts.push_back({place_of(update), update});
  }
  out.seq = counter_of(updates["seq"]);
  if (out.seq == 0) return;
  const auto& start = updates["seq_start"];
  const auto first = start.is_null() ? out.seq : counter_of(start);
  if (first == 0 || first > out.seq) {
    out.seq = 0;
  } else {
    out.seq_count = out.seq - first + 1;
  }
}

}  // namespace

std::int32_t counter_of(const tl::Value& value) {
  const auto read = value.as_int64();
  const bool sound = read && *read > 0 && *read <= std::numeric_limits<std::int32_t>::max();
  return sound ? static_cast<std::int32_t>(*read) : 0;
}

UpdatePlace place_of(const tl::Value& update) {
  UpdatePlace place;
  const auto name = update.constructor();
  if (name == "updateChannelTooLong") {
    place.channel = channel_of(update);
    place.at = counter_of(update["pts"]);
    if (place.channel != 0) place.counter = Counter::channel_too_long;
    return place;
  }
  if (name == "updatePtsChanged") {
    place.counter = Counter::pts_changed;
    return place;
  }
  const auto& pts = update["pts"];
  const auto& count = update["pts_count"];
  if (!pts.is_null() && !count.is_null()) {
    const bool of_channel = name.find("Channel") != name.npos || name == "mtcute.dummyUpdate";
    if (of_channel) place.channel = channel_of(update);
    if (!counts(pts, count) || (of_channel && place.channel == 0)) return place;
    place.counter = of_channel ? Counter::channel : Counter::pts;
    place.at = counter_of(pts);
    place.count = static_cast<std::int32_t>(*count.as_int64());
    if (name.starts_with("updateNew")) place.message_id = counter_of(update["message"]["id"]);
  } else if (const auto qts = counter_of(update["qts"]); qts != 0) {
    place.counter = Counter::qts;
    place.at = qts;
    place.count = 1;
  }
  return place;
}

Arrival read_arrival(const tl::Value& updates) {
  Arrival out;
  const auto name = updates.constructor();
  out.date = counter_of(updates["date"]);
  if (name == "updatesTooLong") {
    out.too_long = true;
  } else if (name == "updates" || name == "updatesCombined") {
    read_container(updates, out);
  } else if (name == "updateShort") {
    out.parts.push_back({place_of(updates["update"]), updates["update"]});
  } else {  // updateShortMessage, updateShortChatMessage, updateShortSentMessage
    out.parts.push_back({place_of(updates), {}});
    out.parts[0].place.message_id = counter_of(updates["id"]);
  }
  return out;
}

}  // namespace server::account
