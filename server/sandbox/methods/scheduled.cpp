// Messages that are sent later. core.telegram.org/api/scheduled-messages
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int32_t at_once = 10;  // seconds: what is due so soon is sent now
constexpr std::int32_t longest_wait = 366 * 86400;
constexpr std::int64_t when_online = 0x7ffffffe;  // not a time, but when the other is there

Outcome<std::vector<std::int32_t>> ids_in(const Call& call) {
  const auto given = call.args["id"].items();
  if (given.empty()) return bad_request("MESSAGE_IDS_EMPTY");
  if (given.size() > limits::page) return bad_request("MESSAGE_IDS_TOO_MUCH");
  std::vector<std::int32_t> out;
  for (const auto& id : given) {
    out.push_back(static_cast<std::int32_t>(id.as_int64().value_or(0)));
  }
  return out;
}

Value scheduled_list(Call& call, std::span<const ScheduledMessage* const> list) {
  auto render = call.renderer();
  std::vector<Value> messages;
  for (const auto* one : list) messages.push_back(render.message(one->message, true));
  return call.make.object("messages.messages",
                          {{"messages", call.make.array(messages)},
                           {"topics", call.make.array(std::span<const Value>{})},
                           {"chats", render.chats()},
                           {"users", render.users()}});
}

Answer get_scheduled_history(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  std::vector<const ScheduledMessage*> list;
  for (const auto& [id, one] : call.world.scheduled.of(call.user(), *peer)) list.push_back(&one);
  std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) {
    return a->message.post->date > b->message.post->date;
  });
  return scheduled_list(call, list);
}

Answer get_scheduled_messages(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto ids = ids_in(call);
  if (!ids) return ids.error();
  std::vector<const ScheduledMessage*> list;
  for (const auto id : *ids) {
    if (const auto* one = call.world.scheduled.find(call.user(), *peer, id)) list.push_back(one);
  }
  return scheduled_list(call, list);
}

// Those that are to be acted on are all there.
Outcome<std::vector<std::int32_t>> known_ids(const Call& call, PeerKey peer) {
  auto ids = ids_in(call);
  if (!ids) return ids.error();
  for (const auto id : *ids) {
    if (call.world.scheduled.find(call.user(), peer, id) == nullptr) {
      return bad_request("MESSAGE_ID_INVALID");
    }
  }
  return ids;
}

Answer send_scheduled(Call& call) {
  const auto peer = call.writable(call.args["peer"]);
  if (!peer) return peer.error();
  const auto ids = known_ids(call, *peer);
  if (!ids) return ids.error();
  call.world.send_scheduled(call.user(), *peer, *ids);
  return call.answer_updates();
}

Answer delete_scheduled(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto ids = known_ids(call, *peer);
  if (!ids) return ids.error();
  call.world.unschedule(call.user(), *peer, *ids);
  return call.answer_updates();
}

}  // namespace

Outcome<std::optional<std::int32_t>> schedule_date(Call& call, PeerKey peer, std::size_t count) {
  if (call.has("schedule_repeat_period")) return not_played();
  const auto date = call.number("schedule_date");
  const auto now = call.world.date();
  if (!call.has("schedule_date") || date <= now + at_once) return std::optional<std::int32_t>();
  if (date == when_online) return not_played();
  if (call.self().bot) return bad_request("SCHEDULE_BOT_NOT_ALLOWED");
  if (date > now + longest_wait) return bad_request("SCHEDULE_DATE_TOO_LATE");
  const auto& waiting = call.world.scheduled;
  if (waiting.of(call.user(), peer).size() + count > limits::scheduled_in_chat ||
      waiting.size() + count > limits::scheduled) {
    return bad_request("SCHEDULE_TOO_MUCH");
  }
  return std::optional(static_cast<std::int32_t>(date));
}

std::span<const Method> scheduled_methods() {
  static constexpr Method methods[] = {
      {"messages.getScheduledHistory", Needs::somebody, get_scheduled_history},
      {"messages.getScheduledMessages", Needs::somebody, get_scheduled_messages},
      {"messages.sendScheduledMessages", Needs::somebody, send_scheduled},
      {"messages.deleteScheduledMessages", Needs::somebody, delete_scheduled},
  };
  return methods;
}

}  // namespace server::sandbox
