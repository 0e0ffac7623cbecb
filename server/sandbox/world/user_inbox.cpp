#include "server/sandbox/world/user_inbox.hpp"

#include <algorithm>
#include <utility>

#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

BoxMessage* UserInbox::at(std::int32_t id) {
  if (id < first_id_ || id >= next_id()) return nullptr;
  auto& message = messages_[static_cast<std::size_t>(id - first_id_)];
  return message.post ? &message : nullptr;
}

const BoxMessage* UserInbox::find(std::int32_t id) const {
  return const_cast<UserInbox*>(this)->at(id);
}

std::int32_t UserInbox::add(PeerKey peer, PostPtr post, bool out, std::int32_t reply_to,
                            bool mentioned) {
  if (alive_ >= limits::messages_per_box) drop_oldest();
  const auto id = next_id();
  messages_.push_back({id, reply_to, peer, out, mentioned, std::move(post), false});
  ++alive_;
  auto& dialog = open_dialog(peer);
  dialog.ids.push_back(id);
  if (!out) ++dialog.unread;
  log(NewMessage{id});
  return id;
}

void UserInbox::unlist(const BoxMessage& message) {
  const auto found = dialogs_.find(message.peer);
  if (found == dialogs_.end()) return;
  auto& dialog = found->second;
  const auto place = std::lower_bound(dialog.ids.begin(), dialog.ids.end(), message.id);
  if (place == dialog.ids.end() || *place != message.id) return;
  dialog.ids.erase(place);
  if (!message.out && message.id > dialog.read_inbox && dialog.unread > 0) --dialog.unread;
}

void UserInbox::trim() {
  while (!messages_.empty() && !messages_.front().post) {
    messages_.pop_front();
    ++first_id_;
  }
}

bool UserInbox::set_pinned(std::int32_t id, bool pinned) {
  auto* message = at(id);
  if (message == nullptr || message->pinned == pinned) return false;
  message->pinned = pinned;
  return true;
}

void UserInbox::remove(std::int32_t id) {
  auto* message = at(id);
  if (message == nullptr) return;
  unlist(*message);
  message->post.reset();
  --alive_;
  trim();
}

void UserInbox::drop_oldest() {
  trim();
  if (messages_.empty()) return;
  auto& oldest = messages_.front();
  auto& copies = oldest.post->copies;
  std::erase_if(copies, [&](const Post::Copy& copy) { return copy.box == owner_; });
  remove(oldest.id);
}

Dialog* UserInbox::dialog(PeerKey peer) {
  const auto found = dialogs_.find(peer);
  return found == dialogs_.end() ? nullptr : &found->second;
}

const Dialog* UserInbox::dialog(PeerKey peer) const {
  const auto found = dialogs_.find(peer);
  return found == dialogs_.end() ? nullptr : &found->second;
}

Dialog& UserInbox::open_dialog(PeerKey peer) {
  auto& dialog = dialogs_[peer];
  dialog.peer = peer;
  return dialog;
}

const Logged& UserInbox::log(Event event, std::int32_t pts_count) {
  pts_ += pts_count;
  if (log_.size() >= limits::events_per_box) log_.pop_front();
  log_.push_back({pts_, pts_count, std::move(event)});
  return log_.back();
}

UserInbox::Since UserInbox::since(std::int32_t pts) const {
  if (pts == pts_) return {true, log_.size()};
  if (log_.empty() || log_.front().pts - log_.front().pts_count > pts) return {};
  const auto first =
      std::upper_bound(log_.begin(), log_.end(), pts,
                       [](std::int32_t have, const Logged& event) { return have < event.pts; });
  return {true, static_cast<std::size_t>(first - log_.begin())};
}

bool UserInbox::use_random_id(std::int64_t random_id) {
  if (!random_ids_.insert(random_id).second) return false;
  random_order_.push_back(random_id);
  if (random_order_.size() > limits::random_ids_per_box) {
    random_ids_.erase(random_order_.front());
    random_order_.pop_front();
  }
  return true;
}

void UserInbox::restore(BoxMessage message) {
  message.id = next_id();
  if (message.post) {
    ++alive_;
    open_dialog(message.peer).ids.push_back(message.id);
  }
  messages_.push_back(std::move(message));
}

}  // namespace server::sandbox
