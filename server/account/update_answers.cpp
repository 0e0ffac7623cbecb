// UpdateRecovery: what its questions were answered.
#include <algorithm>
#include <utility>

#include "server/account/update_recovery.hpp"

namespace server::account {

namespace {

using tl::Value;
using Counter = UpdatePlace::Counter;

// After so many failures in a row a channel's updates go on without what is missing.
constexpr unsigned most_failures = 8;
// What was pushed before the answer to the first question is told, where it stands close to it.
constexpr std::int32_t close_by = 1000;

bool has_pts_changed(const Value& difference) {
  return std::ranges::any_of(difference["other_updates"].items(), [](const Value& update) {
    return place_of(update).counter == Counter::pts_changed;
  });
}

std::int32_t beginning(const UpdateBox& box, std::int32_t reached) {
  if (!box.waits()) return reached;
  const auto first = box.first_start();
  return first > 0 && first < reached && reached - first <= close_by ? first : reached;
}

// What the server asks for before the next try.
mtproto::Duration wanted_pause(const RpcError& error) {
  if (!error.name.name.starts_with("FLOOD_") || !error.name.value) return {};
  return std::chrono::seconds(std::clamp<std::int64_t>(*error.name.value, 0, 86'400));
}

}  // namespace

void UpdateRecovery::answered(std::uint64_t call, const Value& answer, mtproto::Time now) {
  const auto error = rpc_error(answer);
  const auto found = channel_calls_.find(call);
  if (call == common_.call && call != 0) {
    common_.call = 0;
    heard_ = now;
    error ? common_refused(*error, now) : common_answered(answer, now);
  } else if (found != channel_calls_.end()) {
    const auto id = found->second;
    channel_calls_.erase(found);
    channels_[id].poll.call = 0;
    error ? channel_refused(id, *error, now) : channel_answered(id, answer, now);
  }
  go_on(now);
}

void UpdateRecovery::failed(std::uint64_t call, mtproto::Time now) {
  const auto found = channel_calls_.find(call);
  if (call == common_.call && call != 0) {
    common_.call = 0;
    retry(common_, now, {});
  } else if (found != channel_calls_.end()) {
    auto& poll = channels_[found->second].poll;
    channel_calls_.erase(found);
    poll.call = 0;
    retry(poll, now, {});
  }
  go_on(now);
}

void UpdateRecovery::answer_unreadable(std::uint64_t call, mtproto::Time now) {
  const auto found = channel_calls_.find(call);
  if (call == common_.call && call != 0) {
    common_.call = 0;
    deliver({});
    begin_anew(now);
  } else if (found != channel_calls_.end()) {
    const auto id = found->second;
    channel_calls_.erase(found);
    deliver({});
    fail(id, now);
  }
  go_on(now);
}

// --- the account's ---

void UpdateRecovery::common_answered(const Value& answer, mtproto::Time now) {
  const auto name = answer.constructor();
  if (name == "updates.state" && !known_) return state_came(answer, now);
  if (name == "updates.difference" || name == "updates.differenceSlice") {
    return difference_came(answer, now);
  }
  if (name == "updates.differenceEmpty") {
    date_ = std::max(date_, counter_of(answer["date"]));
    if (const auto seq = counter_of(answer["seq"])) seq_.set(seq);
  } else if (name == "updates.differenceTooLong") {
    deliver_copy(answer);
    if (const auto pts = counter_of(answer["pts"])) pts_.set(pts);  // be it below
    drain_common(now);
    return retry(common_, now, {});  // from there
  } else {
    return retry(common_, now, {});
  }
  common_.failures = 0;
  if (fallen_meanwhile()) return begin_anew(now);
  drain_common(now);
  for (auto* box : {&pts_, &qts_, &seq_}) box->outlive(now);
}

// Whether what was pushed while an answer was on its way counts anew.
bool UpdateRecovery::fallen_meanwhile() const { return pts_.holds_fallen() || qts_.holds_fallen(); }

void UpdateRecovery::state_came(const Value& state, mtproto::Time now) {
  const auto pts = counter_of(state["pts"]);
  const auto qts = counter_of(state["qts"]);
  if (pts == 0) return retry(common_, now, {});
  known_ = true;
  common_.failures = 0;
  pts_.set(lost_ ? pts : beginning(pts_, pts));
  qts_.set(lost_ ? qts : beginning(qts_, qts));
  seq_.set(counter_of(state["seq"]));
  date_ = counter_of(state["date"]);
  if (fallen_meanwhile()) return begin_anew(now);
  if (std::exchange(lost_, false)) tell_hole(pts);
  drain_common(now);
  if (pts_.at() < pts || qts_.at() < qts) want(common_);
}

void UpdateRecovery::difference_came(const Value& difference, mtproto::Time now) {
  const bool whole = difference.constructor() == "updates.difference";
  const auto& state = difference[whole ? "state" : "intermediate_state"];
  std::vector<Value> of_channels;
  learn(difference["chats"].items());
  deliver_difference(difference, pts_, false, state, &of_channels);

  const auto pts = pts_.at(), qts = qts_.at(), date = date_;
  const bool pts_fell = pts_.advance(counter_of(state["pts"]));
  const bool qts_fell = qts_.advance(counter_of(state["qts"]));
  if (pts_fell || qts_fell) tell_hole(pts_.at());
  seq_.set(counter_of(state["seq"]));
  date_ = std::max(date_, counter_of(state["date"]));
  if (!of_channels.empty()) take_others(difference, of_channels, now);
  if (fallen_meanwhile() || has_pts_changed(difference)) return begin_anew(now);

  drain_common(now);
  const bool led_on = pts_.at() > pts || qts_.at() > qts || date_ > date;
  if (whole || led_on) common_.failures = 0;
  if (whole) {
    for (auto* box : {&pts_, &qts_, &seq_}) box->outlive(now);
  } else if (led_on) {
    want(common_);
  } else {
    retry(common_, now, {});
  }
}

// Updates of channels, which stood in the account's difference.
void UpdateRecovery::take_others(const Value& difference, std::span<const Value> updates,
                                 mtproto::Time now) {
  const auto rest = parcel();
  const tl::Builder make(rest->arena());
  rest->value = make.copy(make.object("updates", {{"updates", make.array(updates)},
                                                  {"users", difference["users"]},
                                                  {"chats", difference["chats"]},
                                                  {"date", Value::integer(date_)},
                                                  {"seq", Value::integer(0)}}));
  take_parts(read_arrival(rest->value), rest, now);
}

void UpdateRecovery::tell_hole(std::int32_t pts) {
  const auto told = parcel();
  told->value = tl::Builder(told->arena())
                    .object("updates.differenceTooLong", {{"pts", Value::integer(pts)}});
  deliver(told);
}

// `of_others`: where updates of channels go, which have counters of their own.
void UpdateRecovery::deliver_difference(const Value& difference, const UpdateBox& box,
                                        bool of_channel, const Value& state,
                                        std::vector<Value>* of_others) {
  const auto object = parcel();
  const tl::Builder make(object->arena());
  const auto number = [](const Value& of) { return Value::integer(counter_of(of)); };
  std::vector<Value> updates;
  for (const auto& message : difference["new_messages"].items()) {
    if (box.knows_message(counter_of(message["id"]))) continue;
    updates.push_back(make.object(
        of_channel ? "updateNewChannelMessage" : "updateNewMessage",
        {{"message", message}, {"pts", number(state["pts"])}, {"pts_count", Value::integer(0)}}));
  }
  for (const auto& message : difference["new_encrypted_messages"].items()) {
    updates.push_back(make.object("updateNewEncryptedMessage",
                                  {{"message", message}, {"qts", number(state["qts"])}}));
  }
  for (const auto& update : difference["other_updates"].items()) {
    const auto place = place_of(update);
    if (place.counter == Counter::pts_changed) continue;
    const bool elsewhere =
        place.counter == Counter::channel || place.counter == Counter::channel_too_long;
    if (of_others != nullptr && elsewhere) {
      of_others->push_back(update);
      continue;
    }
    const bool counted = place.counter == (of_channel ? Counter::channel : Counter::pts);
    if (counted && place.count > 0 && box.knows_at(place.at)) continue;
    updates.push_back(update);
  }
  if (updates.empty()) return;
  object->value = make.object("updates", {{"updates", make.array(updates)},
                                          {"users", difference["users"]},
                                          {"chats", difference["chats"]},
                                          {"date", number(state["date"])},
                                          {"seq", Value::integer(0)}});
  deliver(object);
}

void UpdateRecovery::deliver_copy(const Value& object) {
  const auto copy = parcel();
  copy->value = tl::Builder(copy->arena()).copy(object);
  deliver(copy);
}

void UpdateRecovery::common_refused(const RpcError& error, mtproto::Time now) {
  if (server::account::signed_out(error)) return signed_out();
  if (error.code == 401) {
    asleep_ = true;
    return want(common_);
  }
  if (error.code == 400 && known_) return begin_anew(now);
  retry(common_, now, wanted_pause(error));
}

// --- a channel's ---

void UpdateRecovery::channel_answered(std::int64_t id, const Value& answer, mtproto::Time now) {
  learn(answer["chats"].items());
  auto& entry = channels_[id];
  auto& box = entry.box;
  const auto name = answer.constructor();
  const auto before = box.at();
  const bool empty = name == "updates.channelDifferenceEmpty";
  if (name == "updates.channelDifferenceTooLong") {
    deliver_copy(answer);
    // Whatever ours was: what lies between is fetched by the client.
    if (const auto pts = counter_of(answer["dialog"]["pts"])) box.set(pts);
  } else if (empty || name == "updates.channelDifference") {
    if (!empty) deliver_difference(answer, box, true, answer, nullptr);
    if (box.advance(counter_of(answer["pts"]))) tell_channel_hole(id);
  } else {
    return retry(entry.poll, now, {});
  }
  const bool fallen = box.holds_fallen();
  drain(box, now);
  if (fallen) {
    retry(entry.poll, now, {});
  } else if (answer["final"].as_bool() || empty) {
    entry.poll.failures = 0;
    box.outlive(now);
  } else if (box.at() > before) {
    entry.poll.failures = 0;
    want(entry.poll);
  } else {
    retry(entry.poll, now, {});
  }
}

void UpdateRecovery::channel_refused(std::int64_t id, const RpcError& error, mtproto::Time now) {
  auto& entry = channels_[id];
  if (server::account::signed_out(error)) return signed_out();
  const bool for_good = error.code == 400 || error.code == 403 || error.code == 406;
  if (for_good || entry.poll.failures >= most_failures) return fail(id, now);
  retry(entry.poll, now, wanted_pause(error));
}

}  // namespace server::account
