// What is said in channels and supergroups, where it differs from elsewhere: their messages have
// numbers and a pts of their own. core.telegram.org/api/updates#recovering-gaps
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/methods/events.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

// After so many seconds a client may ask for the difference again.
constexpr std::int32_t ask_again = 30;
constexpr std::int64_t difference_slice = 100;  // events in one answer at most
constexpr std::int64_t bots_difference_slice = 10'000;
constexpr std::int64_t too_long = 2'000;  // events behind
constexpr std::size_t deleted_in_one_call = 1000;

std::int32_t id_of(const Value& value) {
  return static_cast<std::int32_t>(value.as_int64().value_or(0));
}

Value in_channel(Call& call, const Channel& channel, Renderer& render,
                 std::span<const Value> messages) {
  return call.make.object("messages.channelMessages",
                          {{"pts", Value::integer(channel.box.pts())},
                           {"count", Value::integer(static_cast<std::int64_t>(messages.size()))},
                           {"messages", call.make.array(messages)},
                           {"topics", call.make.array(std::span<const Value>{})},
                           {"chats", render.chats()},
                           {"users", render.users()}});
}

Answer get_channel_messages(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  const auto& channel = **found;
  auto render = call.renderer();
  render.need(channel.id);
  std::vector<Value> messages;
  for (const auto& item : call.args["id"].items()) {
    if (messages.size() == limits::page) break;
    if (item.constructor() == "inputMessagePinned") {
      for (auto at = channel.ids().rbegin(); at != channel.ids().rend(); ++at) {
        const auto* message = channel.box.find(*at);
        if (!message->pinned) continue;
        messages.push_back(render.message(*message));
        break;
      }
      continue;
    }
    auto id = id_of(item.is_object() ? item["id"] : item);
    const auto* message = channel.box.find(id);
    if (message != nullptr && item.constructor() == "inputMessageReplyTo") {
      id = message->reply_to;
      message = channel.box.find(id);
    }
    messages.push_back(message != nullptr
                           ? render.message(*message)
                           : call.make.object("messageEmpty", {{"id", Value::integer(id)}}));
  }
  return in_channel(call, channel, render, messages);
}

Answer read_channel(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  return Value::boolean(call.world.read(**found, call.user(), call.number32("max_id")));
}

Answer read_channel_contents(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  return yes();
}

bool may_delete(const Call& call, const Channel& channel, const BoxMessage& message) {
  if (channel.may(call.user(), admin_right::delete_messages)) return true;
  return message.post->from == call.user() && channel.has(call.user()) &&
         (!channel.broadcast || channel.may(call.user(), admin_right::post_messages));
}

Answer delete_channel_messages(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  std::vector<std::int32_t> ids;
  for (const auto& item : call.args["id"].items()) {
    if (ids.size() == deleted_in_one_call) break;
    const auto* message = channel.box.find(id_of(item));
    if (message == nullptr) continue;
    if (!may_delete(call, channel, *message)) return RpcError{403, "MESSAGE_DELETE_FORBIDDEN"};
    ids.push_back(message->id);
  }
  const auto what = call.world.remove(channel, ids);
  return call.make.object(
      "messages.affectedMessages",
      {{"pts", Value::integer(what.pts)}, {"pts_count", Value::integer(what.pts_count)}});
}

// For everybody only: what one account alone does not see any more is not kept apart.
Answer delete_channel_history(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  auto& channel = **found;
  if (!call.flag("for_everyone")) return not_played();
  if (!channel.may(call.user(), admin_right::delete_messages)) {
    return bad_request("CHAT_ADMIN_REQUIRED");
  }
  const auto max_id = call.number("max_id");
  std::vector<std::int32_t> ids;
  for (const auto id : channel.ids()) {
    if (ids.size() == deleted_in_one_call || (max_id > 0 && id > max_id)) break;
    ids.push_back(id);
  }
  call.world.remove(channel, ids);
  return call.answer_updates();
}

Answer export_link(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  const auto& channel = **found;
  const auto id = call.number32("id");
  if (channel.box.find(id) == nullptr) return bad_request("MSG_ID_INVALID");
  const auto link =
      "https://t.me/" +
      (channel.is_public() ? channel.username : "c/" + std::to_string(channel.id.value())) + "/" +
      std::to_string(id);
  return call.make.object("exportedMessageLink",
                          {{"link", call.make.string(link)}, {"html", call.make.string("")}});
}

Fields difference(const Call& call, std::string_view kind, bool final) {
  Fields out(call.make, kind);
  out.flag("final", final);
  // Of what goes on the rest is asked for at once.
  if (final) out.number("timeout", ask_again);
  return out;
}

// Who is too far behind begins anew with the channel as it is.
Value begin_anew(Call& call, const Channel& channel) {
  auto render = call.renderer();
  const auto peer = PeerKey::of(channel.id);
  Dialog fresh;
  fresh.peer = peer;
  const auto* known = std::as_const(call.box()).dialog(peer);
  const auto dialog = render.dialog(known != nullptr ? *known : fresh);
  std::vector<Value> messages;
  const auto& ids = channel.ids();
  for (auto at = ids.rbegin(); at != ids.rend() && messages.size() < 10; ++at) {
    messages.push_back(render.message(*channel.box.find(*at)));
  }
  return difference(call, "updates.channelDifferenceTooLong", true)
      .set("dialog", dialog)
      .set("messages", call.make.array(messages))
      .set("chats", render.chats())
      .set("users", render.users())
      .done();
}

Answer get_channel_difference(Call& call) {
  const auto found = call.channel(call.args["channel"]);
  if (!found) return found.error();
  const auto& channel = **found;
  const auto& box = channel.box;
  const auto pts = call.number("pts");
  if (pts == 0) return bad_request("PERSISTENT_TIMESTAMP_EMPTY");
  if (pts < 0 || pts > box.pts()) return bad_request("PERSISTENT_TIMESTAMP_INVALID");
  if (pts == box.pts()) {
    return difference(call, "updates.channelDifferenceEmpty", true).number("pts", pts).done();
  }
  const auto since = box.since(static_cast<std::int32_t>(pts));
  const auto total = static_cast<std::int64_t>(box.events().size() - since.first);
  if (!since.known || total > too_long) return begin_anew(call, channel);

  const auto most = call.self().bot ? bots_difference_slice : difference_slice;
  const auto count = std::min(total, std::clamp<std::int64_t>(call.number("limit"), 1, most));
  auto render = call.renderer();
  render.need(channel.id);
  Happened happened;
  happened.pts = static_cast<std::int32_t>(pts);
  add_events(box, since.first, count, render, happened);
  return difference(call, "updates.channelDifference", count == total)
      .number("pts", happened.pts)
      .set("new_messages", call.make.array(happened.messages))
      .set("other_updates", call.make.array(happened.others))
      .set("chats", render.chats())
      .set("users", render.users())
      .done();
}

}  // namespace

std::span<const Method> channel_message_methods() {
  static constexpr Method methods[] = {
      {"channels.getMessages", Needs::somebody, get_channel_messages},
      {"channels.readHistory", Needs::somebody, read_channel},
      {"channels.readMessageContents", Needs::somebody, read_channel_contents},
      {"channels.deleteMessages", Needs::somebody, delete_channel_messages},
      {"channels.deleteHistory", Needs::somebody, delete_channel_history},
      {"channels.exportMessageLink", Needs::somebody, export_link},
      {"updates.getChannelDifference", Needs::somebody, get_channel_difference},
  };
  return methods;
}

}  // namespace server::sandbox
