// World: @echobot types at once, and a second later says what it was told. In a group it answers
// those who mention it or reply to it.
#include <chrono>

#include "server/sandbox/world/limits.hpp"
#include "server/sandbox/world/world.hpp"

namespace server::sandbox {
namespace {

constexpr auto thinking = std::chrono::seconds{1};

}  // namespace

void World::bot_sees(UserId bot, PeerKey peer, const PostPtr& post) {
  if (due_.size() + 2 > limits::actions) return;
  due_.push({now_, ++order_, bot, peer, nullptr});
  due_.push({now_ + thinking, ++order_, bot, peer, post});
}

std::optional<mtproto::Time> World::deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.top().at;
}

void World::tick() {
  while (!due_.empty() && due_.top().at <= now_) {
    const auto due = due_.top();
    due_.pop();
    if (!due.peer.is_user()) {
      const auto* chat = chats.find(due.peer.chat());
      if (chat == nullptr || chat->member(due.bot) == nullptr) continue;
    }
    if (!due.answer_to) {
      type(due.bot, due.peer, "sendMessageTypingAction", std::nullopt);
      continue;
    }
    read(due.bot, due.peer, due.answer_to->id_in(due.bot));
    Draft draft;
    draft.text = due.answer_to->text;
    draft.entities = due.answer_to->entities;
    draft.media = due.answer_to->media;
    if (!due.peer.is_user()) draft.reply_to = due.answer_to->id_in(due.bot);
    send(due.bot, due.peer, std::move(draft));
  }
}

}  // namespace server::sandbox
