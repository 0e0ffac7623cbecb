// Reactions: one emoji of each user. core.telegram.org/api/reactions
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

// Without the mark that asks for a coloured picture.
std::string_view plain(std::string_view emoji) {
  constexpr std::string_view mark = "\xef\xb8\x8f";
  if (emoji.ends_with(mark)) emoji.remove_suffix(mark.size());
  return emoji;
}

// "" takes back. Up to layer 144 it was the emoji itself.
Outcome<std::string> emoji_of(const Value& given) {
  if (given.items().size() > 1) return bad_request("REACTIONS_TOO_MANY");
  const bool none = given.is_array() && given.items().empty();
  const auto emoji = given.is_string() ? given.text()
                     : none            ? std::string_view()
                                       : plain(given.items()[0]["emoticon"].text());
  if (none || given.is_null() || (given.is_string() && emoji.empty())) return std::string();
  if (std::find(std::begin(faces), std::end(faces), emoji) == std::end(faces)) {
    return bad_request("REACTION_INVALID");
  }
  return std::string(emoji);
}

Outcome<const BoxMessage*> message_of(Call& call, std::int32_t id) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  auto message = call.message(*peer, id);
  if (message && (*message)->post->is_service()) return bad_request("MESSAGE_ID_INVALID");
  return message;
}

Answer send_reaction(Call& call) {
  const auto message = message_of(call, call.number32("msg_id"));
  if (!message) return message.error();
  const auto& given = call.args["reaction"];
  auto emoji = given.is_null() ? Outcome<std::string>(std::string()) : emoji_of(given);
  if (!emoji) return emoji.error();
  if (!call.world.react(call.user(), **message, std::move(*emoji))) {
    return bad_request("MESSAGE_NOT_MODIFIED");
  }
  return call.answer_updates();
}

Answer get_reactions(Call& call) {
  std::vector<Logged> events;
  for (const auto& id : call.args["id"].items()) {
    if (events.size() == limits::page) break;
    const auto message = message_of(call, static_cast<std::int32_t>(id.as_int64().value_or(0)));
    if (!message) continue;
    const auto peer = (*message)->peer;
    events.push_back(
        {0, 0, ReactionsChanged{(*message)->id}, peer.is_channel() ? peer.channel() : ChannelId{}});
  }
  return call.renderer().updates(events);
}

Answer get_reactions_list(Call& call) {
  const auto message = message_of(call, call.number32("id"));
  if (!message) return message.error();
  const auto wanted = call.args["reaction"]["emoticon"].text();
  auto render = call.renderer();
  std::vector<Value> list;
  for (const auto& one : (*message)->post->reactions) {
    if (list.size() < limits::page && (wanted.empty() || one.emoji == wanted)) {
      list.push_back(render.reaction(one));
    }
  }
  return call.make.object("messages.messageReactionsList",
                          {{"count", Value::integer(static_cast<std::int64_t>(list.size()))},
                           {"reactions", call.make.array(list)},
                           {"chats", render.chats()},
                           {"users", render.users()}});
}

constexpr Method methods[] = {
    {"messages.sendReaction", Needs::somebody, send_reaction},
    {"messages.getMessagesReactions", Needs::somebody, get_reactions},
    {"messages.getMessageReactionsList", Needs::somebody, get_reactions_list},
};

}  // namespace

std::span<const Method> reaction_methods() { return methods; }

}  // namespace server::sandbox
