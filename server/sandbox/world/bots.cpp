// World: the bots that are played here. Each types at once, and a second later @echobot says what
// it was told and @buttonbot shows its buttons. In a group they answer those who mention them or
// reply to them. Where somebody is signed in as @buttonbot, that one answers.
#include <chrono>

#include "server/sandbox/world/limits.hpp"
#include "server/sandbox/world/world.hpp"

namespace server::sandbox {
namespace {

constexpr auto thinking = std::chrono::seconds{1};

tl::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

KeyboardPtr buttons(int count) {
  const auto callback = [](std::string text, std::string_view data) {
    return Button{Button::Kind::callback, std::move(text), {}, bytes_of(data)};
  };
  auto made = std::make_shared<Keyboard>();
  made->rows = {{callback("Say hello", "hello"), callback("Warn me", "alert")},
                {callback("Count: " + std::to_string(count), "count:" + std::to_string(count))},
                {{Button::Kind::url, "Look here", "https://example.org/", {}}}};
  return made;
}

}  // namespace

bool World::is_played(UserId bot) const {
  return bot == echo_bot || (bot == button_bot && sign_in.keys_of(button_bot).empty());
}

void World::bots_see(UserId from, PeerKey to, const Post& post, const Post* replied,
                     std::int32_t id_there) {
  // No bot hears another.
  const auto* author = accounts.find(from);
  if (post.is_service() || author == nullptr || author->bot) return;
  for (const auto id : {echo_bot, button_bot}) {
    const auto* bot = accounts.find(id);
    if (id == from || bot == nullptr || !is_played(id)) continue;
    const auto theirs = to.is_channel() ? id_there : post.id_in(id);
    if (to.is_user()) {
      if (to.user() == id) bot_sees(id, PeerKey::of(from), theirs);
    } else if (theirs != 0 && still_there(id, to) && mentions(post, *bot, replied)) {
      bot_sees(id, to, theirs);
    }
  }
}

void World::bot_sees(UserId bot, PeerKey peer, std::int32_t message) {
  if (due_.size() + 2 > limits::actions) return;
  due_.push({now_, ++order_, bot, peer, 0, 0});
  due_.push({now_ + thinking, ++order_, bot, peer, message, 0});
}

bool World::still_there(UserId user, PeerKey peer) const {
  if (peer.is_user()) {
    return !accounts.blocks(user, peer.user()) && !accounts.blocks(peer.user(), user);
  }
  if (const auto* channel = channels.find(peer.channel()); peer.is_channel() && channel) {
    return channel->may_write(user, date_);
  }
  const auto* chat = chats.find(peer.chat());
  return peer.is_chat() && chat != nullptr && chat->member(user) != nullptr;
}

void World::press(CallbackQuery query, const BoxMessage& message) {
  query.id = static_cast<std::int64_t>(random_.word());
  query.bot = message.post->from;
  query.peer = message.peer.is_user() ? PeerKey::of(query.user) : message.peer;
  query.message = message.peer.is_channel() ? message.id : message.post->id_in(query.bot);
  query.until = now_ + Callbacks::lives;
  const auto id = query.id;
  const auto bot = query.bot;
  callbacks.add(std::move(query));
  if (is_played(bot)) {
    if (due_.size() < limits::actions) due_.push({now_, ++order_, bot, {}, 0, id});
  } else {
    tell(bot, CallbackAsked{id});
  }
}

void World::answer_press(const CallbackQuery& query) {
  const std::string data(query.data.begin(), query.data.end());
  CallbackAnswer answer;
  if (data == "hello" || data == "alert") {
    const auto* user = accounts.find(query.user);
    answer.alert = data == "alert";
    answer.message = answer.alert ? "You were warned." : "Hello, " + user->first_name + "!";
  }
  if (data.starts_with("count:")) {
    if (const auto* shown = message(query.bot, query.peer, query.message)) {
      const auto& post = *shown->post;
      const auto count = std::atoi(data.c_str() + 6) % 1'000'000;
      edit(*shown, {post.text, post.entities}, std::nullopt, buttons(count + 1));
    }
  }
  callbacks.answer(query.bot, query.id, std::move(answer));
}

void World::set_commands(User& bot, const std::string& scope, std::vector<BotCommand> commands) {
  if (commands.empty()) {
    bot.commands.erase(scope);
  } else {
    bot.commands[scope] = std::move(commands);
  }
  ++changes_;
  for (const auto& [peer, dialog] : box(bot.id).dialogs()) {
    if (peer.is_user() && peer.user() != bot.id) tell(peer.user(), CommandsChanged{bot.id});
  }
}

std::optional<mtproto::Time> World::deadline() const {
  auto first = callbacks.deadline();
  if (!due_.empty()) first = std::min(first.value_or(due_.top().at), due_.top().at);
  if (const auto date = scheduled.next()) {
    const auto wait = mtproto::UnixTime(std::chrono::seconds(*date)) - wall_;
    const auto at = now_ + std::max(std::chrono::duration_cast<mtproto::Duration>(wait), {});
    first = std::min(first.value_or(at), at);
  }
  return first;
}

void World::apply(const Due& due) {
  if (due.query != 0) {
    if (const auto* query = callbacks.find(due.query)) answer_press(*query);
    return;
  }
  if (!still_there(due.bot, due.peer)) return;
  if (due.answer_to == 0) return type(due.bot, due.peer, "sendMessageTypingAction", std::nullopt);
  const auto* asked = message(due.bot, due.peer, due.answer_to);
  if (asked == nullptr) return;  // deleted in the meantime
  Draft draft;
  if (due.bot == button_bot) {
    draft.text = "Press a button.";
    draft.keyboard = buttons(0);
  } else {
    draft.text = asked->post->text;
    draft.entities = asked->post->entities;
    draft.media = asked->post->media;
  }
  if (!due.peer.is_user()) draft.reply_to = due.answer_to;
  if (!due.peer.is_channel()) read(due.bot, due.peer, due.answer_to);
  send(due.bot, due.peer, std::move(draft));
}

void World::tick() {
  while (!due_.empty() && due_.top().at <= now_) {
    const auto due = due_.top();
    due_.pop();
    apply(due);
  }
  callbacks.tick(now_);
  send_due();
}

}  // namespace server::sandbox
