// Basic groups. core.telegram.org/api/channel#basic-groups
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

Outcome<std::string> title_of(const Call& call) {
  auto title = tidy(call.text("title"), {}).text;
  if (title.empty() || !is_utf8(title)) return bad_request("CHAT_TITLE_EMPTY");
  if (utf16_length(title) > limits::title) return bad_request("CHAT_TITLE_TOO_LONG");
  return title;
}

Value invited(Call& call, std::span<const Value> first) {
  return call.make.object("messages.invitedUsers",
                          {{"updates", call.answer_updates(first)},
                           {"missing_invitees", call.make.array(std::span<const Value>{})}});
}

namespace {

Answer create_chat(Call& call) {
  auto title = title_of(call);
  if (!title) return title.error();
  std::vector<UserId> users;
  for (const auto& input : call.args["users"].items()) {
    const auto user = call.user_of(input);
    if (!user) return user.error();
    users.push_back(*user);
    if (users.size() >= limits::members) return bad_request("USERS_TOO_MUCH");
  }
  if (users.empty()) return bad_request("USERS_TOO_FEW");
  if (call.world.chats.all().size() >= limits::chats) return bad_request("CHATS_TOO_MUCH");
  const auto& chat = call.world.create_chat(call.user(), std::move(*title), users);
  // Clients find the message that made the group by a number that the server drew.
  const auto id = call.box().dialog(PeerKey::of(chat.id))->ids.back();
  const auto random_id = static_cast<std::int64_t>(call.world.random().word());
  const Value first[] = {call.make.object(
      "updateMessageID", {{"id", Value::integer(id)}, {"random_id", Value::integer(random_id)}})};
  return invited(call, first);
}

Answer add_chat_user(Call& call) {
  const auto id = call.chat_of(call.number("chat_id"));
  if (!id) return id.error();
  const auto user = call.user_of(call.args["user_id"]);
  if (!user) return user.error();
  auto& chat = *call.world.chats.find(*id);
  if (chat.member(*user) != nullptr) return bad_request("USER_ALREADY_PARTICIPANT");
  if (chat.members.size() >= limits::members) return bad_request("USERS_TOO_MUCH");
  call.world.add_member(chat, call.user(), *user);
  return invited(call);
}

Answer delete_chat_user(Call& call) {
  const auto id = call.chat_of(call.number("chat_id"));
  if (!id) return id.error();
  const auto user = call.user_of(call.args["user_id"]);
  if (!user) return user.error();
  auto& chat = *call.world.chats.find(*id);
  const auto* member = chat.member(*user);
  if (member == nullptr) return bad_request("USER_NOT_PARTICIPANT");
  const bool over = chat.creator == call.user() ||
                    (chat.is_admin(call.user()) && !chat.is_admin(*user)) ||
                    member->inviter == call.user();
  if (*user != call.user() && !over) return bad_request("CHAT_ADMIN_REQUIRED");
  call.world.remove_member(chat, call.user(), *user);
  return call.answer_updates();
}

Answer edit_chat_title(Call& call) {
  const auto id = call.chat_of(call.number("chat_id"));
  if (!id) return id.error();
  auto title = title_of(call);
  if (!title) return title.error();
  auto& chat = *call.world.chats.find(*id);
  if (chat.title == *title) return bad_request("CHAT_NOT_MODIFIED");
  call.world.retitle(chat, call.user(), std::move(*title));
  return call.answer_updates();
}

Answer edit_chat_admin(Call& call) {
  const auto id = call.chat_of(call.number("chat_id"));
  if (!id) return id.error();
  const auto user = call.user_of(call.args["user_id"]);
  if (!user) return user.error();
  auto& chat = *call.world.chats.find(*id);
  if (chat.creator != call.user()) return bad_request("CHAT_ADMIN_REQUIRED");
  if (*user == chat.creator) return bad_request("USER_CREATOR");
  if (chat.member(*user) == nullptr) return bad_request("USER_NOT_PARTICIPANT");
  call.world.set_admin(chat, *user, call.flag("is_admin"));
  return yes();
}

Answer get_full_chat(Call& call) {
  const auto id = call.chat_of(call.number("chat_id"));
  if (!id) return id.error();
  auto render = call.renderer();
  const auto full = render.full_chat(*id);
  return call.make.object(
      "messages.chatFull",
      {{"full_chat", full}, {"chats", render.chats()}, {"users", render.users()}});
}

Answer get_chats(Call& call) {
  auto render = call.renderer();
  std::vector<Value> chats;
  for (const auto& item : call.args["id"].items()) {
    if (chats.size() == limits::page) break;
    const auto id = call.chat_of(item.as_int64().value_or(0));
    if (!id) return id.error();
    chats.push_back(render.chat(*id));
  }
  return call.make.object("messages.chats", {{"chats", call.make.array(chats)}});
}

Answer get_common_chats(Call& call) {
  const auto user = call.user_of(call.args["user_id"]);
  if (!user) return user.error();
  const auto render = call.renderer();
  std::vector<Value> chats;
  for (const auto& [id, chat] : call.world.chats.all()) {
    if (chats.size() == limits::page) break;
    if (chat.member(*user) != nullptr && chat.member(call.user()) != nullptr) {
      chats.push_back(render.chat(id));
    }
  }
  for (const auto& [id, channel] : call.world.channels.all()) {
    if (chats.size() == limits::page) break;
    if (!channel.broadcast && channel.has(*user) && channel.has(call.user())) {
      chats.push_back(render.channel(id));
    }
  }
  return call.make.object("messages.chats", {{"chats", call.make.array(chats)}});
}

}  // namespace

std::span<const Method> chat_methods() {
  static constexpr Method methods[] = {
      {"messages.createChat", Needs::somebody, create_chat},
      {"messages.addChatUser", Needs::somebody, add_chat_user},
      {"messages.deleteChatUser", Needs::somebody, delete_chat_user},
      {"messages.editChatTitle", Needs::somebody, edit_chat_title},
      {"messages.editChatAdmin", Needs::somebody, edit_chat_admin},
      {"messages.getFullChat", Needs::somebody, get_full_chat},
      {"messages.getChats", Needs::somebody, get_chats},
      {"messages.getCommonChats", Needs::somebody, get_common_chats},
  };
  return methods;
}

}  // namespace server::sandbox
