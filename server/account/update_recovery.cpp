#include "server/account/update_recovery.hpp"

#include <algorithm>
#include <utility>

namespace server::account {

using Counter = UpdatePlace::Counter;

UpdateRecovery::UpdateRecovery(const std::optional<UpdateState>& state, bool lost) : lost_(lost) {
  if (!state) return;
  number_ = state->update_seq;
  if (!state->known) return;
  known_ = true;
  pts_.set(state->pts);
  qts_.set(state->qts);
  seq_.set(state->seq);
  date_ = state->date;
  for (const auto& one : state->channels) {
    auto& entry = channel(one.id);
    entry.known = true;
    entry.box.set(one.pts);
    entry.access_hash = one.access_hash;
  }
}

UpdateState UpdateRecovery::state() const {
  UpdateState out;
  out.update_seq = number_;
  out.known = known_;
  if (!known_) return out;
  out.pts = pts_.at();
  out.qts = qts_.at();
  out.seq = seq_.at();
  out.date = date_;
  for (const auto& [id, one] : channels_) {
    if (one.known) out.channels.push_back({id, one.box.at(), one.access_hash});
  }
  return out;
}

std::vector<UpdateAction> UpdateRecovery::take_actions() { return std::exchange(actions_, {}); }

void UpdateRecovery::pushed(const tl::Value& updates, mtproto::Time now) {
  heard_ = now;
  take(updates, false, now);
  go_on(now);
}

void UpdateRecovery::unreadable(mtproto::Time now) {
  deliver({});
  want(common_);
  go_on(now);
}

void UpdateRecovery::client_answered(const tl::Value& answer, std::int64_t channel_id,
                                     mtproto::Time now) {
  const auto name = answer.constructor();
  if (name.starts_with("update")) {
    take(answer, true, now);
  } else if (name.starts_with("messages.affected")) {
    Arrival::Part part{place_of(answer), {}};
    if (channel_id > 0 && part.place.counter == Counter::pts) {
      part.place.counter = Counter::channel;
      part.place.channel = channel_id;
    }
    if (part.place.counter != Counter::none) take_part(part, {}, now);
  } else {
    learn(answer["chats"]);
    learn_dialogs(answer["dialogs"]);
  }
  go_on(now);
}

// --- an object of type Updates ---

void UpdateRecovery::take(const tl::Value& updates, bool own, mtproto::Time now) {
  learn(updates["chats"]);
  const auto arrival = read_arrival(updates);
  if (arrival.too_long) return want(common_);
  if (own) return take_parts(arrival, {}, now);
  if (fits(arrival)) return commit(arrival, now);
  const auto kept = parcel();
  kept->value = tl::Builder(kept->arena()).copy(updates);
  take_parts(read_arrival(kept->value), kept, now);
}

// Whether all of it applies, just as it stands.
bool UpdateRecovery::fits(const Arrival& arrival) const {
  UpdateBox pts, qts;
  pts.set(pts_.at());
  qts.set(qts_.at());
  std::unordered_map<std::int64_t, UpdateBox> others;
  const auto follows = [](UpdateBox& box, const UpdatePlace& place) {
    if (box.compare(place.at, place.count) != UpdateBox::Order::next) return false;
    box.set(place.at);
    return true;
  };
  for (const auto& [place, update] : arrival.parts) {
    if (place.counter == Counter::none) continue;
    if (place.counter == Counter::channel_too_long) return false;
    if (place.counter != Counter::channel) {
      if (!open() || !follows(place.counter == Counter::pts ? pts : qts, place)) return false;
      continue;
    }
    const auto found = channels_.find(place.channel);
    const bool known = found != channels_.end() && found->second.known;
    if (known && found->second.poll.call != 0) return false;
    auto& box = others[place.channel];
    if (box.at() == 0) box.set(known ? found->second.box.at() : place.at - place.count);
    if (!follows(box, place)) return false;
  }
  if (arrival.seq == 0) return !arrival.parts.empty();
  return !arrival.parts.empty() && open() &&
         seq_.compare(arrival.seq, arrival.seq_count) == UpdateBox::Order::next;
}

void UpdateRecovery::commit(const Arrival& arrival, mtproto::Time now) {
  deliver({});
  for (const auto& [place, update] : arrival.parts) {
    if (place.counter == Counter::pts) pts_.set(place.at);
    if (place.counter == Counter::qts) qts_.set(place.at);
    if (place.counter != Counter::channel) continue;
    auto& entry = channel(place.channel);
    entry.known = true;
    entry.box.set(place.at);
  }
  if (arrival.seq != 0) {
    seq_.set(arrival.seq);
    date_ = std::max(date_, arrival.date);
  }
  for (const auto& [place, update] : arrival.parts) {
    if (place.counter == Counter::channel) drain(channel(place.channel).box, now);
  }
  drain_common(now);
}

// One by one. No parcel: the client knows them.
void UpdateRecovery::take_parts(const Arrival& arrival, const std::shared_ptr<UpdateParcel>& kept,
                                mtproto::Time now) {
  std::vector<tl::Value> rest;
  for (const auto& part : arrival.parts) {
    if (part.place.counter == Counter::none && arrival.seq != 0) {
      rest.push_back(part.update);
    } else {
      take_part(part, kept, now);
    }
  }
  if (arrival.seq == 0) return;
  HeldUpdate in_order;
  in_order.at = arrival.seq;
  in_order.count = arrival.seq_count;
  in_order.parcel = kept;
  if (kept) in_order.update = tl::Builder(kept->arena()).array(rest);
  offer(seq_, common_, !open(), std::move(in_order), now);
}

void UpdateRecovery::take_part(const Arrival::Part& part, const UpdateParcelPtr& kept,
                               mtproto::Time now) {
  const auto& place = part.place;
  HeldUpdate held{place.at, place.count, kept, part.update, place.message_id, 0};
  if (asleep_ && place.counter != Counter::none) {  // somebody is signed in after all
    asleep_ = false;
    want(common_);
  }
  switch (place.counter) {
    case Counter::none:
      return emit(held);
    case Counter::pts:
      return offer(pts_, common_, !open(), std::move(held), now);
    case Counter::qts:
      return offer(qts_, common_, !open(), std::move(held), now);
    case Counter::channel_too_long:
      return channel_too_long(place, kept, part.update, now);
    case Counter::channel:
      break;
  }
  auto& entry = channel(place.channel);
  if (!entry.known) {
    entry.known = true;
    entry.box.set(place.at - place.count);
  }
  offer(entry.box, entry.poll, entry.poll.call != 0, std::move(held), now);
  if (entry.box.waits() || entry.poll.wanted) active_.insert(place.channel);
}

// While an answer is on its way that may hold it, it waits.
void UpdateRecovery::offer(UpdateBox& box, Poll& poll, bool busy, HeldUpdate update,
                           mtproto::Time now) {
  if (!busy) {
    const auto order = box.compare(update.at, update.count);
    if (order == UpdateBox::Order::duplicate) return;
    if (order == UpdateBox::Order::next) {
      box.set(update.at);
      emit(update);
      return drain(box, now);
    }
  }
  if (box.hold(std::move(update), now) && *meter_ <= most_bytes) return;
  box.drop_held();  // Telegram has them all, and is asked
  want(poll);
}

void UpdateRecovery::drain(UpdateBox& box, mtproto::Time now) {
  while (auto next = box.take_next(now)) emit(*next);
}

void UpdateRecovery::drain_common(mtproto::Time now) {
  if (!open()) return;
  for (auto* box : {&pts_, &qts_, &seq_}) drain(*box, now);
}

// --- out ---

// Neighbours that came together are told together.
void UpdateRecovery::emit(const HeldUpdate& update) {
  if (!update.parcel) return;
  if (update.update.is_null()) return deliver(update.parcel);
  if (batch_ != update.parcel) close_batch();
  batch_ = update.parcel;
  if (!update.update.is_array()) return gathered_.push_back(update.update);
  for (const auto& one : update.update.items()) gathered_.push_back(one);
}

void UpdateRecovery::close_batch() {
  const auto base = std::exchange(batch_, {});
  const auto updates = std::exchange(gathered_, {});
  if (updates.empty()) return;
  const auto object = parcel();
  const tl::Builder make(object->arena());
  const auto list = [&](std::string_view key) {
    const auto& given = base->value[key];
    return given.is_array() ? given : make.array(std::initializer_list<tl::Value>{});
  };
  object->base = base;
  object->value =
      make.object("updates", {{"updates", make.array(updates)},
                              {"users", list("users")},
                              {"chats", list("chats")},
                              {"date", tl::Value::integer(counter_of(base->value["date"]))},
                              {"seq", tl::Value::integer(0)}});
  deliver(object);
}

void UpdateRecovery::deliver(UpdateParcelPtr object) {
  if (batch_) close_batch();
  actions_.push_back(DeliverUpdate{++number_, std::move(object)});
}

void UpdateRecovery::go_on(mtproto::Time now) {
  close_batch();
  if (!connected_ || asleep_) return;
  ask_common(now);
  ask_channels(now);
  close_batch();  // of a channel that can't be asked about
}

}  // namespace server::account
