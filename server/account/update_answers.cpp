// UpdateRecovery: what its questions were answered.
#include <algorithm>
#include <tuple>
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
    seq_.set(std::max(seq_.at(), counter_of(answer["seq"])));
  } else if (name == "updates.differenceTooLong") {
    deliver_copy(answer);
    pts_.advance(counter_of(answer["pts"]));
    drain_common(now);
    return retry(common_, now, {});  // from there
  } else {
    return retry(common_, now, {});
  }
  common_.failures = 0;
  drain_common(now);
  for (auto* box : {&pts_, &qts_, &seq_}) box->outlive(now);
}

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
  if (std::exchange(lost_, false)) {
    const auto told = parcel();
    told->value = tl::Builder(told->arena())
                      .object("updates.differenceTooLong", {{"pts", Value::integer(pts)}});
    deliver(told);
  }
  drain_common(now);
  if (pts_.at() < pts || qts_.at() < qts) want(common_);
}

void UpdateRecovery::difference_came(const Value& difference, mtproto::Time now) {
  const bool whole = difference.constructor() == "updates.difference";
  const auto& state = difference[whole ? "state" : "intermediate_state"];
  std::vector<Value> of_channels;
  learn(difference["chats"]);
  deliver_difference(difference, pts_, false, state, &of_channels);

  const auto before = std::tuple(pts_.at(), qts_.at(), date_);
  pts_.advance(counter_of(state["pts"]));
  qts_.advance(counter_of(state["qts"]));
  seq_.set(counter_of(state["seq"]));
  date_ = std::max(date_, counter_of(state["date"]));

  if (!of_channels.empty()) {
    const auto rest = parcel();
    const tl::Builder make(rest->arena());
    const auto updates = make.object("updates", {{"updates", make.array(of_channels)},
                                                 {"users", difference["users"]},
                                                 {"chats", difference["chats"]},
                                                 {"date", state["date"]},
                                                 {"seq", Value::integer(0)}});
    rest->value = make.copy(updates);
    take_parts(read_arrival(rest->value), rest, now);
  }
  drain_common(now);
  if (whole) {
    common_.failures = 0;
    for (auto* box : {&pts_, &qts_, &seq_}) box->outlive(now);
  } else if (before != std::tuple(pts_.at(), qts_.at(), date_)) {
    common_.failures = 0;
    want(common_);
  } else {  // a slice that leads nowhere
    retry(common_, now, {});
  }
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
  learn(answer["chats"]);
  auto& entry = channels_[id];
  auto& box = entry.box;
  const auto name = answer.constructor();
  const auto before = box.at();
  if (name == "updates.channelDifference") {
    deliver_difference(answer, box, true, answer, nullptr);
    box.advance(counter_of(answer["pts"]));
  } else if (name == "updates.channelDifferenceTooLong") {
    deliver_copy(answer);
    box.advance(counter_of(answer["dialog"]["pts"]));
  } else if (name == "updates.channelDifferenceEmpty") {
    box.advance(counter_of(answer["pts"]));
  } else {
    return retry(entry.poll, now, {});
  }
  drain(box, now);
  if (answer["final"].as_bool() || name == "updates.channelDifferenceEmpty") {
    entry.poll.failures = 0;
    box.outlive(now);
  } else if (box.at() != before) {
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
