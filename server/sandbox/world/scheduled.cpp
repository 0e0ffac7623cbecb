// Schedule; World: messages that wait for their time.
#include "server/sandbox/world/scheduled.hpp"

#include <utility>

#include "server/sandbox/world/world.hpp"

namespace server::sandbox {

const Schedule::List& Schedule::of(UserId by, PeerKey peer) const {
  static const List none;
  const auto found = lists_.find({by, peer});
  return found == lists_.end() ? none : found->second;
}

const ScheduledMessage* Schedule::find(UserId by, PeerKey peer, std::int32_t id) const {
  const auto& list = of(by, peer);
  const auto found = list.find(id);
  return found == list.end() ? nullptr : &found->second;
}

const ScheduledMessage& Schedule::add(ScheduledMessage one) {
  auto& list = lists_[{one.by, one.message.peer}];
  if (one.message.id == 0) one.message.id = list.empty() ? 1 : list.rbegin()->first + 1;
  const auto id = one.message.id;
  due_.insert({one.message.post->date, {one.by, one.message.peer, id}});
  return list[id] = std::move(one);
}

std::optional<ScheduledMessage> Schedule::take(UserId by, PeerKey peer, std::int32_t id) {
  const auto list = lists_.find({by, peer});
  if (list == lists_.end()) return std::nullopt;
  const auto found = list->second.find(id);
  if (found == list->second.end()) return std::nullopt;
  auto out = std::move(found->second);
  list->second.erase(found);
  if (list->second.empty()) lists_.erase(list);
  due_.erase({out.message.post->date, {by, peer, id}});
  return out;
}

std::int32_t World::schedule(UserId from, PeerKey to, Draft draft, std::int32_t date) {
  ++changes_;
  draft.from_schedule = true;
  ScheduledMessage one;
  one.by = from;
  one.message.peer = to;
  one.message.out = true;
  one.message.reply_to = draft.reply_to;
  one.message.post = make_post(from, std::move(draft));
  one.message.post->date = date;
  const auto id = scheduled.add(std::move(one)).message.id;
  tell(from, ScheduledAdded{to, id});
  return id;
}

void World::unschedule(UserId user, PeerKey peer, std::span<const std::int32_t> ids) {
  ScheduledGone gone{peer, {}, {}};
  for (const auto id : ids) {
    if (scheduled.take(user, peer, id)) gone.ids.push_back(id);
  }
  ++changes_;
  tell(user, std::move(gone));
}

void World::send_scheduled(UserId user, PeerKey peer, std::span<const std::int32_t> ids) {
  // Who may not write there any more loses what was to be said.
  if (!still_there(user, peer)) return unschedule(user, peer, ids);
  ScheduledGone gone{peer, {}, {}};
  for (const auto id : ids) {
    auto one = scheduled.take(user, peer, id);
    if (!one) continue;
    auto& post = *one->message.post;
    Draft draft;
    draft.text = std::move(post.text);
    draft.entities = std::move(post.entities);
    draft.media = std::move(post.media);
    draft.forward = post.forward;
    draft.reply_to = one->message.reply_to;
    draft.silent = post.silent;
    draft.noforwards = post.noforwards;
    draft.keyboard = post.keyboard;
    draft.from_schedule = true;
    gone.ids.push_back(id);
    gone.sent.push_back(send(user, peer, std::move(draft)).id);
  }
  tell(user, std::move(gone));
}

void World::send_due() {
  while (scheduled.next().value_or(date_ + 1) <= date_) {
    const auto name = scheduled.first();
    send_scheduled(name.by, name.peer, {&name.id, 1});
  }
}

}  // namespace server::sandbox
