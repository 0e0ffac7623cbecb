// Renderer: buttons, what is made of a pressed one, and the commands of bots.
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

Value Renderer::button(const Button& button) const {
  switch (button.kind) {
    case Button::Kind::text:
      break;
    case Button::Kind::url:
      return make_.object("keyboardButtonUrl",
                          {{"text", make_.string(button.text)}, {"url", make_.string(button.url)}});
    case Button::Kind::callback:
      return make_.object("keyboardButtonCallback", {{"text", make_.string(button.text)},
                                                     {"data", make_.bytes(button.data)}});
  }
  return make_.object("keyboardButton", {{"text", make_.string(button.text)}});
}

Value Renderer::keyboard(const Keyboard& keyboard) const {
  std::vector<Value> rows;
  for (const auto& row : keyboard.rows) {
    std::vector<Value> buttons;
    for (const auto& one : row) buttons.push_back(button(one));
    rows.push_back(make_.object("keyboardButtonRow", {{"buttons", make_.array(buttons)}}));
  }
  switch (keyboard.kind) {
    case Keyboard::Kind::inline_buttons:
      return make_.object("replyInlineMarkup", {{"rows", make_.array(rows)}});
    case Keyboard::Kind::hide:
      return Fields(make_, "replyKeyboardHide").flag("selective", keyboard.selective).done();
    case Keyboard::Kind::reply:
    case Keyboard::Kind::force_reply:
      break;
  }
  const bool reply = keyboard.kind == Keyboard::Kind::reply;
  Fields out(make_, reply ? "replyKeyboardMarkup" : "replyKeyboardForceReply");
  out.flag("single_use", keyboard.single_use).flag("selective", keyboard.selective);
  if (reply) {
    out.flag("resize", keyboard.resize)
        .flag("persistent", keyboard.persistent)
        .set("rows", make_.array(rows));
  }
  if (!keyboard.placeholder.empty()) out.text("placeholder", keyboard.placeholder);
  return out.done();
}

std::vector<Value> Renderer::commands(const std::vector<BotCommand>& commands) const {
  std::vector<Value> out;
  for (const auto& one : commands) {
    out.push_back(make_.object("botCommand", {{"command", make_.string(one.command)},
                                              {"description", make_.string(one.description)}}));
  }
  return out;
}

Value Renderer::bot_info(const User& bot) const {
  Fields out(make_, "botInfo");
  out.number("user_id", bot.id.value()).text("description", bot.about);
  if (const auto found = bot.commands.find(""); found != bot.commands.end()) {
    out.set("commands", make_.array(commands(found->second)));
  }
  return out.done();
}

Value Renderer::callback_asked(const CallbackQuery& query) {
  need(query.user);
  // The same for all messages of a chat.
  const auto instance = query.peer.id * 3 + static_cast<std::int64_t>(query.peer.kind);
  return make_.object("updateBotCallbackQuery", {{"query_id", Value::integer(query.id)},
                                                 {"user_id", Value::integer(query.user.value())},
                                                 {"peer", peer(query.peer)},
                                                 {"msg_id", Value::integer(query.message)},
                                                 {"chat_instance", Value::integer(instance)},
                                                 {"data", make_.bytes(query.data)}});
}

Value Renderer::callback_answer(const CallbackAnswer& answer) const {
  Fields out(make_, "messages.botCallbackAnswer");
  out.flag("alert", answer.alert).flag("has_url", !answer.url.empty()).flag("native_ui");
  if (!answer.message.empty()) out.text("message", answer.message);
  if (!answer.url.empty()) out.text("url", answer.url);
  return out.number("cache_time", answer.cache_time).done();
}

}  // namespace server::sandbox
