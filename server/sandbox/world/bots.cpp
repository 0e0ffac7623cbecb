// World: @echobot types at once, and a second later says what it was told. In a group it answers
// those who mention it or reply to it.
#include <chrono>

#include "server/sandbox/world/limits.hpp"
#include "server/sandbox/world/world.hpp"

namespace server::sandbox {
namespace {

constexpr auto thinking = std::chrono::seconds{1};

}  // namespace

void World::bot_sees(UserId bot, PeerKey peer, std::int32_t message) {
  if (due_.size() + 2 > limits::actions) return;
  due_.push({now_, ++order_, bot, peer, 0});
  due_.push({now_ + thinking, ++order_, bot, peer, message});
}

bool World::still_there(UserId bot, PeerKey peer) const {
  if (peer.is_user()) return true;
  if (const auto* channel = channels.find(peer.channel()); peer.is_channel() && channel) {
    return channel->may_write(bot, date_);
  }
  const auto* chat = chats.find(peer.chat());
  return peer.is_chat() && chat != nullptr && chat->member(bot) != nullptr;
}

std::optional<mtproto::Time> World::deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.top().at;
}

void World::tick() {
  while (!due_.empty() && due_.top().at <= now_) {
    const auto due = due_.top();
    due_.pop();
    if (!still_there(due.bot, due.peer)) continue;
    if (due.answer_to == 0) {
      type(due.bot, due.peer, "sendMessageTypingAction", std::nullopt);
      continue;
    }
    const auto* asked = message(due.bot, due.peer, due.answer_to);
    if (asked == nullptr) continue;  // deleted in the meantime
    Draft draft;
    draft.text = asked->post->text;
    draft.entities = asked->post->entities;
    draft.media = asked->post->media;
    if (!due.peer.is_user()) draft.reply_to = due.answer_to;
    if (!due.peer.is_channel()) read(due.bot, due.peer, due.answer_to);
    send(due.bot, due.peer, std::move(draft));
  }
}

}  // namespace server::sandbox
