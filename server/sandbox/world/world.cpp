#include "server/sandbox/world/world.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

void World::set_time(mtproto::Time now, mtproto::UnixTime wall) {
  now_ = now;
  wall_ = wall;
  date_ = static_cast<std::int32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count());
}

User& World::make_user(User user) {
  if (user.id == UserId{}) user.id = accounts.next_id();
  while (user.access_hash == 0) user.access_hash = static_cast<std::int64_t>(random_.word());
  ++changes_;
  return accounts.add(std::move(user));
}

User& World::sign_up(const std::string& phone, std::string first_name, std::string last_name) {
  User user;
  user.phone = phone;
  user.home_dc = phone_home(phone).value_or(2);
  user.first_name = std::move(first_name);
  user.last_name = std::move(last_name);
  return make_user(std::move(user));
}

UserInbox& World::box(UserId user) { return boxes.try_emplace(user, user).first->second; }

const UserInbox* World::find_box(UserId user) const {
  const auto found = boxes.find(user);
  return found == boxes.end() ? nullptr : &found->second;
}

void World::tell(UserId user, Event event, bool caller_too) {
  notices_.push_back({user, {0, 0, std::move(event)}, caller_too});
}

void World::tell_logged(UserId user, Event event, std::int32_t pts_count) {
  notices_.push_back({user, box(user).log(std::move(event), pts_count), false});
}

std::vector<Notice> World::take_notices() { return std::exchange(notices_, {}); }

void World::set_online(User& user, bool online) {
  user.online_until = online ? date_ + 300 : 0;
  if (!online) user.was_online = date_;
  tell_friends(user.id, StatusChanged{user.id});
}

void World::tell_friends(UserId user, const Event& event) {
  const auto* mine = accounts.find(user);
  if (mine == nullptr) return;
  for (const auto& [other, contact] : mine->contacts) {
    if (other != user) tell(other, event);
  }
}

const BoxMessage& World::deliver(UserId to, PeerKey peer, const PostPtr& post, bool out,
                                 std::int32_t reply_to, bool mentioned) {
  auto& inbox = box(to);
  const auto before = inbox.size();
  if (messages_ >= limits::messages) inbox.drop_oldest();
  const auto id = inbox.add(peer, post, out, reply_to, mentioned);
  messages_ = messages_ + inbox.size() - before;
  post->copies.push_back({to, id});
  notices_.push_back({to, inbox.events().back(), false});
  return *inbox.find(id);
}

const UserInbox* World::box_of(UserId viewer, PeerKey peer) const {
  if (!peer.is_channel()) return find_box(viewer);
  const auto* channel = channels.find(peer.channel());
  return channel != nullptr ? &channel->box : nullptr;
}

const BoxMessage* World::message(UserId viewer, PeerKey peer, std::int32_t id) const {
  const auto* box = box_of(viewer, peer);
  const auto* found = box != nullptr ? box->find(id) : nullptr;
  return found != nullptr && found->peer == peer ? found : nullptr;
}

const std::deque<std::int32_t>& World::ids_of(UserId viewer, PeerKey peer) const {
  static const std::deque<std::int32_t> none;
  const auto* box = box_of(viewer, peer);
  const auto* dialog = box != nullptr ? box->dialog(peer) : nullptr;
  return dialog != nullptr ? dialog->ids : none;
}

std::int32_t World::unread(UserId viewer, const Dialog& dialog) const {
  if (!dialog.peer.is_channel()) return dialog.unread;
  // Who speaks there has read what was said before.
  const auto& ids = ids_of(viewer, dialog.peer);
  const auto at = std::upper_bound(ids.begin(), ids.end(), dialog.read_inbox);
  return static_cast<std::int32_t>(ids.end() - at);
}

bool mentions(const Post& post, const User& user, const Post* replied) {
  if (replied != nullptr && replied->from == user.id) return true;
  return std::any_of(post.entities.begin(), post.entities.end(),
                     [&](const Entity& entity) {
                       return entity.kind == Entity::Kind::mention_name &&
                              UserId(entity.id) == user.id;
                     }) ||
         (!user.username.empty() &&
          lower(post.text).find("@" + lower(user.username)) != std::string::npos);
}

PostPtr World::make_post(UserId from, Draft draft) const {
  auto post = std::make_shared<Post>();
  post->from = from;
  post->date = date_;
  post->text = std::move(draft.text);
  post->entities = std::move(draft.entities);
  post->media = std::move(draft.media);
  post->action = std::move(draft.action);
  post->forward = draft.forward;
  post->silent = draft.silent;
  post->noforwards = draft.noforwards;
  post->from_schedule = draft.from_schedule;
  post->keyboard = std::move(draft.keyboard);
  return post;
}

const BoxMessage& World::send(UserId from, PeerKey to, Draft draft) {
  ++changes_;
  const auto reply_to = draft.reply_to;
  const auto post = make_post(from, std::move(draft));
  if (to.is_channel()) return publish(*channels.find(to.channel()), post, reply_to);
  PostPtr replied;
  if (reply_to != 0) {
    if (const auto* message = box(from).find(reply_to)) replied = message->post;
  }
  const auto reply_in = [&](UserId who) { return replied ? replied->id_in(who) : 0; };

  std::int32_t id = 0;
  if (to.is_user()) {
    id = deliver(from, to, post, true, reply_in(from), false).id;
    if (to.user() != from) {
      deliver(to.user(), PeerKey::of(from), post, false, reply_in(to.user()), false);
    }
  } else if (const auto* chat = chats.find(to.chat())) {
    post->copies.reserve(chat->members.size());
    // Who leaves has gone already and sees its own going; who speaks comes first.
    id = deliver(from, to, post, true, reply_in(from), false).id;
    for (const auto& member : chat->members) {
      if (member.user == from) continue;
      const auto* user = accounts.find(member.user);
      deliver(member.user, to, post, false, reply_in(member.user),
              user != nullptr && mentions(*post, *user, replied.get()));
    }
  }
  std::sort(post->copies.begin(), post->copies.end(),
            [](const Post::Copy& a, const Post::Copy& b) { return a.box < b.box; });
  bots_see(from, to, *post, replied.get(), 0);
  return *box(from).find(id);
}

void World::edit(const BoxMessage& message, Formatted text, std::optional<Media> media,
                 KeyboardPtr keyboard) {
  ++changes_;
  const auto post = message.post;
  post->text = std::move(text.text);
  post->entities = std::move(text.entities);
  if (media) post->media = std::move(*media);
  post->keyboard = std::move(keyboard);
  post->edit_date = date_;
  for (const auto& copy : post->copies) tell_logged(copy.box, EditedMessage{copy.id});
  if (auto* channel = channel_of(message)) {
    tell_members(*channel, channel->box.log(EditedMessage{message.id}));
  }
}

void World::count_messages() {
  messages_ = 0;
  for (const auto& [user, box] : boxes) messages_ += box.size();
  for (const auto& [id, channel] : channels.all()) messages_ += channel.box.size();
}

World::Affected World::remove(UserId user, std::span<const std::int32_t> ids, bool revoke) {
  std::unordered_map<UserId, std::vector<std::int32_t>> gone;
  auto& own = box(user);
  for (const auto id : ids) {
    const auto* message = own.find(id);
    if (message == nullptr) continue;
    const auto post = message->post;
    std::erase_if(post->copies, [&](const Post::Copy& copy) {
      if (copy.box != user && !revoke) return false;
      gone[copy.box].push_back(copy.id);
      auto& inbox = box(copy.box);
      const auto before = inbox.size();
      inbox.remove(copy.id);
      messages_ -= before - inbox.size();
      return true;
    });
  }
  if (!gone.empty()) ++changes_;
  Affected affected{own.pts(), 0};
  for (auto& [who, deleted] : gone) {
    const auto count = static_cast<std::int32_t>(deleted.size());
    tell_logged(who, DeletedMessages{std::move(deleted)}, count);
    if (who == user) affected = {own.pts(), count};
  }
  return affected;
}

bool World::pin(UserId user, const BoxMessage& message, bool pinned, bool one_side) {
  bool changes = false;
  for (const auto& copy : message.post->copies) {
    auto& inbox = box(copy.box);
    if ((one_side && copy.box != user) || !inbox.set_pinned(copy.id, pinned)) continue;
    changes = true;
    tell_logged(copy.box, PinnedMessages{inbox.find(copy.id)->peer, {copy.id}, pinned});
  }
  auto* channel = channel_of(message);
  if (channel != nullptr && channel->box.set_pinned(message.id, pinned)) {
    changes = true;
    tell_members(*channel, channel->box.log(PinnedMessages{message.peer, {message.id}, pinned}));
  }
  if (changes) ++changes_;
  return changes;
}

bool World::react(UserId user, const BoxMessage& message, std::string emoji) {
  auto& reactions = message.post->reactions;
  const auto mine = std::find_if(reactions.begin(), reactions.end(),
                                 [&](const Reaction& one) { return one.user == user; });
  if ((mine == reactions.end() ? std::string() : mine->emoji) == emoji) return false;
  if (mine != reactions.end()) reactions.erase(mine);
  if (!emoji.empty()) reactions.push_back({user, std::move(emoji), date_});
  ++changes_;
  for (const auto& copy : message.post->copies) tell(copy.box, ReactionsChanged{copy.id});
  if (auto* channel = channel_of(message)) {
    tell_members(*channel, {0, 0, ReactionsChanged{message.id}, channel->id});
  }
  return true;
}

void World::tell_holders(const BoxMessage& message, const Event& event) {
  for (const auto& copy : message.post->copies) tell(copy.box, event);
  if (auto* channel = channel_of(message)) tell_members(*channel, {0, 0, event, {}});
}

void World::vote(UserId user, const BoxMessage& message, std::vector<std::size_t> choices) {
  const auto& poll = std::get<PollMedia>(message.post->media).poll;
  if (choices.empty()) {
    poll->votes.erase(user);
  } else {
    poll->votes[user] = {std::move(choices), date_};
  }
  ++changes_;
  tell_holders(message, PollChanged{poll});
}

World::Affected World::read(UserId user, PeerKey peer, std::int32_t max_id) {
  auto& own = box(user);
  auto* dialog = own.dialog(peer);
  if (dialog == nullptr || dialog->ids.empty()) return {own.pts(), 0};
  if (max_id <= 0 || max_id > dialog->ids.back()) max_id = dialog->ids.back();
  if (max_id <= dialog->read_inbox) return {own.pts(), 0};

  // Each author's own copy of the newest message that was read now.
  std::unordered_map<UserId, std::int32_t> seen;
  bool incoming = false;
  const auto begin = std::upper_bound(dialog->ids.begin(), dialog->ids.end(), dialog->read_inbox);
  const auto end = std::upper_bound(begin, dialog->ids.end(), max_id);
  for (auto at = begin; at != end; ++at) {
    const auto* message = own.find(*at);
    if (message == nullptr || message->out) continue;
    incoming = true;
    if (dialog->unread > 0) --dialog->unread;
    const auto theirs = message->post->id_in(message->post->from);
    if (theirs != 0) seen[message->post->from] = theirs;
  }
  dialog->read_inbox = max_id;
  if (!incoming) return {own.pts(), 0};
  ++changes_;
  tell_logged(user, ReadInbox{peer, max_id, dialog->unread});
  const Affected affected{own.pts(), 1};
  for (const auto& [author, id] : seen) {
    const auto there = peer.is_user() ? PeerKey::of(user) : peer;
    auto* other = box(author).dialog(there);
    if (author == user || other == nullptr || other->read_outbox >= id) continue;
    other->read_outbox = id;
    tell_logged(author, ReadOutbox{there, id});
  }
  return affected;
}

void World::type(UserId user, PeerKey peer, std::string action,
                 std::optional<std::int32_t> progress) {
  if (peer.is_user()) {
    if (peer.user() != user) {
      tell(peer.user(), Typing{PeerKey::of(user), user, std::move(action), progress}, true);
    }
  } else if (const auto* channel = channels.find(peer.channel()); peer.is_channel() && channel) {
    for (const auto& [member, how] : channel->members) {
      if (member != user) tell(member, Typing{peer, user, action, progress}, true);
    }
  } else if (const auto* chat = chats.find(peer.chat())) {
    for (const auto& member : chat->members) {
      if (member.user != user) tell(member.user, Typing{peer, user, action, progress}, true);
    }
  }
}

}  // namespace server::sandbox
