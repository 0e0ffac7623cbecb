// Bots: the buttons under their messages, what happens when one is pressed, and the commands that
// they list. core.telegram.org/api/bots/buttons, core.telegram.org/api/bots/commands
#include "server/sandbox/methods/keyboard.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

Outcome<Button> button_of(const Value& input) {
  Button button;
  const auto kind = input.constructor();
  button.text = std::string(input["text"].text());
  if (button.text.empty() || button.text.size() > 4 * limits::name || !is_utf8(button.text)) {
    return bad_request("BUTTON_TEXT_INVALID");
  }
  if (kind == "keyboardButton") return button;
  if (kind == "keyboardButtonUrl") {
    button.kind = Button::Kind::url;
    button.url = std::string(input["url"].text());
    const std::string_view url = button.url;
    const bool known =
        url.starts_with("http://") || url.starts_with("https://") || url.starts_with("tg://");
    if (!known || url.size() > 2048 || !is_utf8(url)) return bad_request("BUTTON_URL_INVALID");
    return button;
  }
  if (kind == "keyboardButtonCallback" && !input["requires_password"].as_bool()) {
    button.kind = Button::Kind::callback;
    const auto data = input["data"].as_bytes();
    if (data.empty() || data.size() > limits::button_data)
      return bad_request("BUTTON_DATA_INVALID");
    button.data.assign(data.begin(), data.end());
    return button;
  }
  return bad_request("BUTTON_TYPE_INVALID");
}

Outcome<void> read_rows(const Value& input, Keyboard& out) {
  std::size_t count = 0;
  for (const auto& row : input["rows"].items()) {
    auto& buttons = out.rows.emplace_back();
    for (const auto& item : row["buttons"].items()) {
      if (++count > limits::buttons) return bad_request("REPLY_MARKUP_TOO_LONG");
      auto button = button_of(item);
      if (!button) return button.error();
      const bool fits = (button->kind == Button::Kind::text) == (out.kind == Keyboard::Kind::reply);
      if (!fits) return bad_request("BUTTON_TYPE_INVALID");
      buttons.push_back(std::move(*button));
    }
    if (buttons.empty()) return bad_request("REPLY_MARKUP_INVALID");
  }
  if (count == 0) return bad_request("REPLY_MARKUP_INVALID");
  return {};
}

}  // namespace

Outcome<KeyboardPtr> keyboard_of(Call& call, const Value& input) {
  if (!input.is_object() || !call.self().bot) return KeyboardPtr();
  const auto kind = input.constructor();
  auto made = std::make_shared<Keyboard>();
  made->resize = input["resize"].as_bool();
  made->single_use = input["single_use"].as_bool();
  made->selective = input["selective"].as_bool();
  made->persistent = input["persistent"].as_bool();
  made->placeholder = std::string(input["placeholder"].text());
  if (made->placeholder.size() > 4 * limits::name || !is_utf8(made->placeholder)) {
    return bad_request("REPLY_MARKUP_INVALID");
  }
  made->kind = kind == "replyInlineMarkup"     ? Keyboard::Kind::inline_buttons
               : kind == "replyKeyboardHide"   ? Keyboard::Kind::hide
               : kind == "replyKeyboardMarkup" ? Keyboard::Kind::reply
                                               : Keyboard::Kind::force_reply;
  if (made->kind == Keyboard::Kind::inline_buttons || made->kind == Keyboard::Kind::reply) {
    if (const auto read = read_rows(input, *made); !read) return read.error();
  }
  return KeyboardPtr(std::move(made));
}

namespace {

bool has_button(const Post& post, tl::ByteView data) {
  if (!post.keyboard) return false;
  for (const auto& row : post.keyboard->rows) {
    for (const auto& button : row) {
      if (button.kind == Button::Kind::callback &&
          std::equal(data.begin(), data.end(), button.data.begin(), button.data.end())) {
        return true;
      }
    }
  }
  return false;
}

// Answered when the bot has: here nothing is said yet.
Answer get_callback_answer(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto message = call.message(*peer, call.number32("msg_id"));
  if (!message) return message.error();
  if (call.has("password")) return not_played();
  const auto data = call.args["data"].as_bytes();
  if (!has_button(*(*message)->post, data)) return bad_request("DATA_INVALID");
  if (call.world.callbacks.full()) return bad_request("BOT_RESPONSE_TIMEOUT");
  CallbackQuery query;
  query.by = call.origin.caller;
  query.request = call.origin.message;
  query.user = call.user();
  query.data.assign(data.begin(), data.end());
  call.world.press(std::move(query), **message);
  call.later = true;
  return yes();
}

Answer set_callback_answer(Call& call) {
  if (!call.self().bot) return bad_request("USER_BOT_REQUIRED");
  CallbackAnswer answer;
  answer.message = std::string(call.text("message"));
  answer.url = std::string(call.text("url"));
  answer.alert = call.flag("alert");
  answer.cache_time = call.number32("cache_time");
  if (!is_utf8(answer.message) || utf16_length(answer.message) > 200) {
    return bad_request("MESSAGE_TOO_LONG");
  }
  if (answer.url.size() > 2048 || !is_utf8(answer.url)) return bad_request("URL_INVALID");
  if (!call.world.callbacks.answer(call.user(), call.number("query_id"), std::move(answer))) {
    return bad_request("QUERY_ID_INVALID");
  }
  return yes();
}

// By which commands of a scope and a language are kept.
Outcome<std::string> scope_of(const Call& call) {
  const auto& scope = call.args["scope"];
  std::string out(scope.constructor());
  if (out == "botCommandScopeDefault" || !scope.is_object()) out.clear();
  if (const auto& where = scope["peer"]; where.is_object()) {
    const auto peer = call.peer(where);
    if (!peer) return peer.error();
    out += ":" + std::to_string(static_cast<int>(peer->kind)) + ":" + std::to_string(peer->id);
  }
  if (scope["user_id"].is_object()) {
    const auto user = call.user_of(scope["user_id"]);
    if (!user) return user.error();
    out += ":" + std::to_string(user->value());
  }
  const auto language = call.text("lang_code");
  if (language.size() > 8 || !is_utf8(language)) return bad_request("LANG_CODE_INVALID");
  if (!language.empty()) out += "/" + std::string(language);
  return out;
}

Outcome<std::vector<BotCommand>> commands_of(const Value& list) {
  std::vector<BotCommand> out;
  if (list.items().size() > limits::commands) return bad_request("BOT_COMMANDS_TOO_MUCH");
  for (const auto& item : list.items()) {
    BotCommand one{std::string(item["command"].text()), std::string(item["description"].text())};
    const bool named = !one.command.empty() && one.command.size() <= 32 &&
                       std::all_of(one.command.begin(), one.command.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                       });
    if (!named) return bad_request("BOT_COMMAND_INVALID");
    if (!is_utf8(one.description) || one.description.empty() ||
        utf16_length(one.description) > 256) {
      return bad_request("BOT_COMMAND_DESCRIPTION_INVALID");
    }
    out.push_back(std::move(one));
  }
  return out;
}

Answer set_commands(Call& call) {
  if (!call.self().bot) return bad_request("USER_BOT_REQUIRED");
  const auto scope = scope_of(call);
  if (!scope) return scope.error();
  auto commands = commands_of(call.args["commands"]);
  if (!commands) return commands.error();
  const auto& known = call.self().commands;
  if (!known.contains(*scope) && known.size() >= limits::command_scopes) {
    return bad_request("BOT_COMMANDS_TOO_MUCH");
  }
  call.world.set_commands(call.self(), *scope, std::move(*commands));
  return yes();
}

Answer reset_commands(Call& call) {
  if (!call.self().bot) return bad_request("USER_BOT_REQUIRED");
  const auto scope = scope_of(call);
  if (!scope) return scope.error();
  call.world.set_commands(call.self(), *scope, {});
  return yes();
}

Answer get_commands(Call& call) {
  if (!call.self().bot) return bad_request("USER_BOT_REQUIRED");
  const auto scope = scope_of(call);
  if (!scope) return scope.error();
  const auto found = call.self().commands.find(*scope);
  if (found == call.self().commands.end()) return nothing(call);
  return call.make.array(call.renderer().commands(found->second));
}

}  // namespace

std::span<const Method> button_methods() {
  static constexpr Method methods[] = {
      {"messages.getBotCallbackAnswer", Needs::somebody, get_callback_answer},
      {"messages.setBotCallbackAnswer", Needs::somebody, set_callback_answer},
      {"bots.setBotCommands", Needs::somebody, set_commands},
      {"bots.resetBotCommands", Needs::somebody, reset_commands},
      {"bots.getBotCommands", Needs::somebody, get_commands},
  };
  return methods;
}

}  // namespace server::sandbox
