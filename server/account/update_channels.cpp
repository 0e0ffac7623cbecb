// UpdateRecovery: the table of channels.
#include <algorithm>

#include "server/account/update_recovery.hpp"

namespace server::account {

using tl::Value;

// Where the table is full, the one that was not heard of for longest is forgotten.
UpdateRecovery::Channel& UpdateRecovery::channel(std::int64_t id) {
  const auto found = channels_.find(id);
  if (found == channels_.end() && channels_.size() >= UpdateState::most_channels) {
    auto oldest = channels_.end();
    for (auto at = channels_.begin(); at != channels_.end(); ++at) {
      if (active_.contains(at->first)) continue;
      if (oldest == channels_.end() || at->second.heard < oldest->second.heard) oldest = at;
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

// An access hash of a `min` channel is none.
void UpdateRecovery::learn(const Value& chats) {
  for (const auto& chat : chats.items()) {
    const auto name = chat.constructor();
    if ((name != "channel" && name != "channelForbidden") || chat["min"].as_bool()) continue;
    const auto id = chat["id"].as_int64(), hash = chat["access_hash"].as_int64();
    if (id && *id > 0 && hash) channel(*id).access_hash = *hash;
  }
}

void UpdateRecovery::learn_dialogs(const Value& dialogs) {
  for (const auto& dialog : dialogs.items()) {
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
  if (entry.known && place.at != 0 && place.at <= entry.box.at()) return;
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

// What is missing can't be had. The client is told, and what waits for it goes on.
void UpdateRecovery::fail(std::int64_t id, mtproto::Time) {
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
  auto& entry = channels_[id];
  entry.poll = {};
  // The next that comes says where we are.
  entry.known = false;
  while (auto next = entry.box.take_first()) {
    entry.known = true;
    entry.box.advance(next->at);
    emit(*next);
  }
  active_.erase(id);
}

}  // namespace server::account
