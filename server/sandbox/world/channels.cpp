// World: what happens to channels and supergroups.
#include <algorithm>
#include <utility>

#include "server/sandbox/world/limits.hpp"
#include "server/sandbox/world/world.hpp"

namespace server::sandbox {

Channel* World::channel_of(const BoxMessage& message) {
  return message.peer.is_channel() ? channels.find(message.peer.channel()) : nullptr;
}

void World::tell_members(Channel& channel, Logged what) {
  if (what.pts != 0) channel.changed = date_;
  for (const auto& [member, how] : channel.members) notices_.push_back({member, what, false});
}

const BoxMessage& World::publish(Channel& channel, const PostPtr& post, std::int32_t reply_to) {
  const auto peer = PeerKey::of(channel.id);
  // Its author has seen it.
  if (channel.broadcast) post->viewers.insert(post->from);
  const auto before = channel.box.size();
  if (messages_ >= limits::messages) channel.box.drop_oldest();
  const auto id = channel.box.add(peer, post, false, reply_to, false);
  messages_ = messages_ + channel.box.size() - before;
  // Who speaks has read what was said before.
  if (channel.has(post->from)) {
    box(post->from).open_dialog(peer).read_inbox = id;
    tell(post->from, ChannelReadInbox{channel.id, id});
  }
  tell_members(channel, channel.box.events().back());
  const auto* replied = message(post->from, peer, reply_to);
  bots_see(post->from, peer, *post, replied != nullptr ? replied->post.get() : nullptr, id);
  return *channel.box.find(id);
}

const BoxMessage& World::announce(Channel& channel, UserId by, Action action) {
  Draft draft;
  draft.action = std::move(action);
  return send(by, PeerKey::of(channel.id), std::move(draft));
}

Channel& World::create_channel(UserId creator, std::string title, std::string about,
                               bool broadcast) {
  Channel made(channels.next_id());
  made.secret = static_cast<std::int64_t>(random_.word());
  made.broadcast = broadcast;
  made.title = std::move(title);
  made.about = std::move(about);
  made.creator = creator;
  made.date = date_;
  made.members[creator] = {creator, date_};
  auto& channel = channels.add(std::move(made));
  box(creator).open_dialog(PeerKey::of(channel.id));
  tell(creator, ChannelChanged{channel.id});
  announce(channel, creator, ChannelCreated{channel.title});
  return channel;
}

void World::let_in(Channel& channel, UserId by, std::span<const UserId> users) {
  ++changes_;
  for (const auto user : users) {
    channel.members[user] = {by, date_};
    // What was said before is not new to them.
    const auto& ids = channel.ids();
    box(user).open_dialog(PeerKey::of(channel.id)).read_inbox = ids.empty() ? 0 : ids.back();
    tell(user, ChannelChanged{channel.id});
  }
}

void World::join(Channel& channel, UserId by, std::span<const UserId> users) {
  let_in(channel, by, users);
  if (!channel.broadcast) announce(channel, by, ChatJoined{{users.begin(), users.end()}});
}

void World::leave(Channel& channel, UserId by, UserId user) {
  ++changes_;
  // Who goes by itself still sees it; who is removed does not.
  if (by != user) channel.members.erase(user);
  if (!channel.broadcast) announce(channel, by, ChatLeft{user});
  channel.members.erase(user);
  channel.admins.erase(user);
  box(user).close_dialog(PeerKey::of(channel.id));
  tell(user, ChannelChanged{channel.id});
}

void World::retitle(Channel& channel, UserId by, std::string title) {
  channel.title = std::move(title);
  announce(channel, by, ChatTitled{channel.title});
}

void World::set_photo(Channel& channel, UserId by, FilePtr photo) {
  channel.photo = photo;
  announce(channel, by, ChatPhotoed{std::move(photo)});
}

void World::view(UserId user, const BoxMessage& message) {
  auto& viewers = message.post->viewers;
  if (viewers.size() < limits::viewers && viewers.insert(user).second) ++changes_;
}

void World::rename(Channel& channel, std::string username) {
  ++changes_;
  channels.rename(channel, std::move(username));
  tell_members(channel, {0, 0, ChannelChanged{channel.id}, {}});
}

void World::set_admin(Channel& channel, UserId user, std::optional<Channel::Admin> admin) {
  ++changes_;
  if (admin) {
    channel.admins[user] = std::move(*admin);
    channel.bans.erase(user);
  } else {
    channel.admins.erase(user);
  }
  tell(user, ChannelChanged{channel.id});
}

void World::set_ban(Channel& channel, UserId user, std::optional<Channel::Ban> ban) {
  ++changes_;
  if (ban) {
    channel.bans[user] = *ban;
    channel.admins.erase(user);
  } else {
    channel.bans.erase(user);
  }
  tell(user, ChannelChanged{channel.id});
}

void World::close(Channel& channel) {
  ++changes_;
  tell_members(channel, {0, 0, ChannelChanged{channel.id}, {}});
  for (const auto& [member, how] : channel.members) {
    box(member).close_dialog(PeerKey::of(channel.id));
  }
  messages_ -= channel.box.size();
  channels.rename(channel, {});
  channel.box = UserInbox(channel.id);
  channel.members.clear();
  channel.admins.clear();
  channel.bans.clear();
  channel.photo = nullptr;
  channel.gone = true;
}

World::Affected World::remove(Channel& channel, std::span<const std::int32_t> ids) {
  std::vector<std::int32_t> gone;
  for (const auto id : ids) {
    if (channel.box.find(id) == nullptr) continue;
    channel.box.remove(id);
    --messages_;
    gone.push_back(id);
  }
  if (gone.empty()) return {channel.box.pts(), 0};
  ++changes_;
  const auto count = static_cast<std::int32_t>(gone.size());
  tell_members(channel, channel.box.log(DeletedMessages{std::move(gone)}, count));
  return {channel.box.pts(), count};
}

bool World::read(Channel& channel, UserId user, std::int32_t max_id) {
  const auto& ids = channel.ids();
  auto* dialog = box(user).dialog(PeerKey::of(channel.id));
  if (dialog == nullptr || ids.empty()) return false;
  if (max_id <= 0 || max_id > ids.back()) max_id = ids.back();
  if (max_id <= dialog->read_inbox) return false;

  // Each author's newest message that was read now.
  std::map<UserId, std::int32_t> seen;
  const auto begin = std::upper_bound(ids.begin(), ids.end(), dialog->read_inbox);
  for (auto at = begin; at != ids.end() && *at <= max_id; ++at) {
    seen[channel.box.find(*at)->post->from] = *at;
  }
  dialog->read_inbox = max_id;
  ++changes_;
  tell(user, ChannelReadInbox{channel.id, max_id});
  for (const auto& [author, id] : seen) {
    auto* other = box(author).dialog(PeerKey::of(channel.id));
    if (channel.broadcast || author == user || other == nullptr || other->read_outbox >= id) {
      continue;
    }
    other->read_outbox = id;
    tell(author, ChannelReadOutbox{channel.id, id});
  }
  return true;
}

bool World::username_taken(std::string_view name) {
  return accounts.by_username(name) != nullptr || channels.by_username(name) != nullptr;
}

}  // namespace server::sandbox
