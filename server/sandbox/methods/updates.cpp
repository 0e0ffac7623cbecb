// updates.*: the same events again, for whoever missed them. core.telegram.org/api/updates
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/methods/events.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int64_t slice = 1000;  // events in one answer at most

Answer get_state(Call& call) { return call.renderer().state(); }

Value state_at(Call& call, const Renderer& render, std::int32_t pts) {
  return call.make.with(render.state(), {{"pts", Value::integer(pts)}});
}

// The channels in which something happened since then: each has a difference of its own.
void add_channels(Call& call, Renderer& render, std::int64_t date, std::vector<Value>& updates) {
  for (const auto& [peer, dialog] : std::as_const(call.box()).dialogs()) {
    if (!peer.is_channel()) continue;
    const auto* channel = call.world.channels.find(peer.channel());
    if (channel == nullptr || !channel->has(call.user()) || channel->changed < date) continue;
    render.need(channel->id);
    updates.push_back(call.make.object(
        "updateChannelTooLong",
        {{"channel_id", Value::integer(peer.id)}, {"pts", Value::integer(channel->box.pts())}}));
  }
}

Answer get_difference(Call& call) {
  const auto pts = call.number("pts");
  const auto& box = call.box();
  if (pts == 0) return bad_request("PERSISTENT_TIMESTAMP_EMPTY");
  if (pts < 0 || pts > box.pts()) return bad_request("PERSISTENT_TIMESTAMP_INVALID");
  const auto since = box.since(static_cast<std::int32_t>(pts));
  const auto total = static_cast<std::int64_t>(box.events().size() - since.first);
  const auto most = call.number("pts_total_limit");
  if (!since.known || (most > 0 && box.pts() - pts > most)) {
    return call.make.object("updates.differenceTooLong", {{"pts", Value::integer(box.pts())}});
  }
  auto render = call.renderer();
  Happened happened;
  happened.pts = static_cast<std::int32_t>(pts);
  add_channels(call, render, call.number("date"), happened.others);
  if (total == 0 && happened.others.empty()) {
    return call.make.object("updates.differenceEmpty", {{"date", Value::integer(call.world.date())},
                                                        {"seq", Value::integer(0)}});
  }
  auto limit = call.number("pts_limit");
  if (limit <= 0 || limit > slice) limit = slice;
  const auto count = std::min(total, limit);

  add_events(box, since.first, count, render, happened);
  const bool whole = count == total;
  Fields out(call.make, whole ? "updates.difference" : "updates.differenceSlice");
  out.set("new_messages", call.make.array(happened.messages))
      .set("new_encrypted_messages", call.make.array(std::span<const Value>{}))
      .set("other_updates", call.make.array(happened.others))
      .set("chats", render.chats())
      .set("users", render.users())
      .set(whole ? "state" : "intermediate_state", state_at(call, render, happened.pts));
  return out.done();
}

}  // namespace

std::span<const Method> update_methods() {
  static constexpr Method methods[] = {
      {"updates.getState", Needs::somebody, get_state},
      {"updates.getDifference", Needs::somebody, get_difference},
  };
  return methods;
}

}  // namespace server::sandbox
