// UpdateRecovery: the table of channels.
#include <algorithm>
#include <optional>
#include <utility>

#include "server/account/update_recovery.hpp"

namespace server::account {

using tl::Value;

namespace {

struct Learned {
  std::int64_t id = 0;
  std::int64_t access_hash = 0;
};

// An access hash of a `min` channel is none.
std::optional<Learned> read_channel(const Value& chat) {
  const auto name = chat.constructor();
  if ((name != "channel" && name != "channelForbidden") || chat["min"].as_bool()) return {};
  const auto id = chat["id"].as_int64(), hash = chat["access_hash"].as_int64();
  if (!id || *id <= 0 || !hash) return {};
  return Learned{*id, *hash};
}

}  // namespace

// Where the table is full, the one that was not heard of for longest is forgotten; first of all one
// that nothing was counted of.
UpdateRecovery::Channel& UpdateRecovery::channel(std::int64_t id) {
  const auto found = channels_.find(id);
  if (found == channels_.end() && channels_.size() >= UpdateState::most_channels) {
    auto oldest = channels_.end();
    for (auto at = channels_.begin(); at != channels_.end(); ++at) {
      if (active_.contains(at->first)) continue;
      const auto worth = [](const Channel& one) { return std::pair(one.known, one.heard); };
      if (oldest == channels_.end() || worth(at->second) < worth(oldest->second)) oldest = at;
    }
    if (oldest == channels_.end()) {  // all wait for something
      oldest = channels_.begin();
      active_.erase(oldest->first);
      if (oldest->second.poll.call != 0) {
        actions_.push_back(ForgetUpdates{oldest->second.poll.call});
        channel_calls_.erase(oldest->second.poll.call);
      }
    }
    channels_.erase(oldest);
  }
  auto& entry = channels_[id];
  entry.heard = ++arrivals_;
  return entry;
}

void UpdateRecovery::learn(std::span<const Value> chats) {
  for (const auto& chat : chats) {
    if (const auto one = read_channel(chat)) channel(one->id).access_hash = one->access_hash;
  }
}

// Of channels that an answer names, updates may come or not: they make no other forgotten.
void UpdateRecovery::learn_passing(std::span<const Value> chats) {
  for (const auto& chat : chats) {
    const auto one = read_channel(chat);
    if (!one) continue;
    const auto found = channels_.find(one->id);
    if (found != channels_.end()) {
      found->second.access_hash = one->access_hash;
    } else if (channels_.size() < UpdateState::most_channels) {
      channel(one->id).access_hash = one->access_hash;
    }
  }
}

void UpdateRecovery::learn_dialogs(std::span<const Value> dialogs) {
  for (const auto& dialog : dialogs) {
    const auto id = dialog["peer"]["channel_id"].as_int64();
    const auto pts = counter_of(dialog["pts"]);
    if (!id || *id <= 0 || pts == 0) continue;
    auto& entry = channel(*id);
    if (entry.known) continue;
    entry.known = true;
    entry.box.set(pts);
  }
}

void UpdateRecovery::channel_too_long(const UpdatePlace& place, const UpdateParcelPtr& kept,
                                      const Value& update, mtproto::Time now) {
  auto& entry = channel(place.channel);
  const bool old = place.at != 0 && place.at <= entry.box.at() && !entry.box.fell_to(place.at);
  if (entry.known && old) return;
  if (entry.known && entry.access_hash) {
    want(entry.poll);
    active_.insert(place.channel);
    return;
  }
  // It can't be asked: from where, or how.
  HeldUpdate told;
  told.parcel = kept;
  told.update = update;
  emit(told);
  if (place.at == 0) return;
  entry.known = true;
  entry.box.advance(place.at);
  drain(entry.box, now);
}

void UpdateRecovery::tell_channel_hole(std::int64_t id) {
  const auto told = parcel();
  const tl::Builder make(told->arena());
  const auto nothing = make.array(std::initializer_list<Value>{});
  const auto too_long = make.object("updateChannelTooLong", {{"channel_id", Value::integer(id)}});
  told->value = make.object("updates", {{"updates", make.array({too_long})},
                                        {"users", nothing},
                                        {"chats", nothing},
                                        {"date", Value::integer(date_)},
                                        {"seq", Value::integer(0)}});
  deliver(told);
}

// What is missing can't be had. The client is told, and what waits for it goes on.
void UpdateRecovery::fail(std::int64_t id, mtproto::Time) {
  tell_channel_hole(id);
  auto& entry = channels_[id];
  entry.poll = {};
  // The next that comes says where we are.
  entry.known = false;
  while (auto next = entry.box.take_first()) {
    entry.box.advance(next->at);
    entry.known = true;
    emit(*next);
  }
  active_.erase(id);
}

}  // namespace server::account
