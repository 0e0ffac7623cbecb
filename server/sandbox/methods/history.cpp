// Reading messages: history, by id, search. core.telegram.org/api/offsets
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

struct Found {
  std::vector<const BoxMessage*> messages;
  std::size_t total = 0;
  bool whole = false;
  const Channel* channel = nullptr;  // in which they lie
};

const Channel* channel_of(const Call& call, PeerKey peer) {
  return peer.is_channel() ? call.world.channels.find(peer.channel()) : nullptr;
}

Value answer(Call& call, const Found& found) {
  auto render = call.renderer();
  std::vector<Value> messages;
  for (const auto* message : found.messages) messages.push_back(render.message(*message));
  const auto list = call.make.array(messages);
  const auto topics = call.make.array(std::span<const Value>{});
  if (found.channel != nullptr) {
    return call.make.object("messages.channelMessages",
                            {{"pts", Value::integer(found.channel->box.pts())},
                             {"count", Value::integer(static_cast<std::int64_t>(found.total))},
                             {"messages", list},
                             {"topics", topics},
                             {"chats", render.chats()},
                             {"users", render.users()}});
  }
  if (found.whole) {
    return call.make.object("messages.messages", {{"messages", list},
                                                  {"topics", topics},
                                                  {"chats", render.chats()},
                                                  {"users", render.users()}});
  }
  return call.make.object("messages.messagesSlice",
                          {{"count", Value::integer(static_cast<std::int64_t>(found.total))},
                           {"messages", list},
                           {"topics", topics},
                           {"chats", render.chats()},
                           {"users", render.users()}});
}

struct Window {
  std::int64_t offset_id = 0, offset_date = 0, add_offset = 0, limit = 0, max_id = 0, min_id = 0;

  explicit Window(const Call& call)
      : offset_id(call.number("offset_id")),
        offset_date(call.number("offset_date")),
        add_offset(call.number("add_offset")),
        limit(call.number("limit")),
        max_id(call.number("max_id")),
        min_id(call.number("min_id")) {
    if (limit <= 0 || limit > static_cast<std::int64_t>(limits::page)) limit = limits::page;
    constexpr std::int64_t far = 1'000'000'000;
    add_offset = std::clamp(add_offset, -far, far);
  }
  bool has(std::int32_t id) const {
    return (max_id <= 0 || id < max_id) && (min_id <= 0 || id > min_id);
  }
};

// Cuts the window out of ascending ids, newest first.
std::vector<const BoxMessage*> cut(const UserInbox& box, const std::deque<std::int32_t>& ids,
                                   const Window& window) {
  auto upper = ids.end();
  if (window.offset_id > 0) {
    upper = std::lower_bound(ids.begin(), ids.end(), window.offset_id);
  } else if (window.offset_date > 0) {
    upper = std::partition_point(ids.begin(), ids.end(), [&](std::int32_t id) {
      const auto* message = box.find(id);
      return message != nullptr && message->post->date < window.offset_date;
    });
  }
  const auto size = static_cast<std::int64_t>(ids.size());
  auto at = static_cast<std::int64_t>(upper - ids.begin()) - window.add_offset;
  auto left = window.limit;
  if (at > size) {
    left -= at - size;
    at = size;
  }
  std::vector<const BoxMessage*> out;
  while (at > 0 && left > 0) {
    const auto id = ids[static_cast<std::size_t>(--at)];
    --left;
    if (window.min_id > 0 && id <= window.min_id) break;
    if (!window.has(id)) continue;
    if (const auto* message = box.find(id)) out.push_back(message);
  }
  return out;
}

Answer get_history(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto& ids = call.world.ids_of(call.user(), *peer);
  Found found;
  if (const auto* box = call.world.box_of(call.user(), *peer)) {
    found.messages = cut(*box, ids, Window(call));
  }
  found.total = ids.size();
  found.whole = found.messages.size() == found.total;
  found.channel = channel_of(call, *peer);
  return answer(call, found);
}

Answer get_messages(Call& call) {
  auto render = call.renderer();
  std::vector<Value> messages;
  for (const auto& item : call.args["id"].items()) {
    if (messages.size() == limits::page) break;
    // Layers before 69 had plain numbers.
    auto id =
        static_cast<std::int32_t>((item.is_object() ? item["id"] : item).as_int64().value_or(0));
    const auto* message = call.box().find(id);
    if (message != nullptr && item.constructor() == "inputMessageReplyTo") {
      id = message->reply_to;
      message = call.box().find(id);
    }
    messages.push_back(message != nullptr
                           ? render.message(*message)
                           : call.make.object("messageEmpty", {{"id", Value::integer(id)}}));
  }
  return call.make.object("messages.messages",
                          {{"messages", call.make.array(messages)},
                           {"topics", call.make.array(std::span<const Value>{})},
                           {"chats", render.chats()},
                           {"users", render.users()}});
}

bool fits(const Call& call, const BoxMessage& message, std::string_view wanted,
          std::string_view filter, std::optional<UserId> from) {
  const auto& post = *message.post;
  if (filter == "inputMessagesFilterPinned" && !message.pinned) return false;
  if (post.is_service()) return false;
  if (from && post.from != *from) return false;
  if (!wanted.empty() && lower(post.text).find(wanted) == std::string::npos) return false;
  const auto* file = std::get_if<FileMedia>(&post.media);
  if (filter == "inputMessagesFilterPhotos" || filter == "inputMessagesFilterPhotoVideo") {
    return file != nullptr && file->file->photo;
  }
  if (filter == "inputMessagesFilterDocument") return file != nullptr && !file->file->photo;
  if (filter == "inputMessagesFilterContacts") {
    return std::holds_alternative<ContactCard>(post.media);
  }
  if (filter == "inputMessagesFilterGeo") return std::holds_alternative<Place>(post.media);
  if (filter == "inputMessagesFilterMyMentions") return call.renderer().mentioned(message);
  if (filter == "inputMessagesFilterUrl") {
    return std::any_of(post.entities.begin(), post.entities.end(), [](const Entity& entity) {
      return entity.kind == Entity::Kind::url || entity.kind == Entity::Kind::text_url;
    });
  }
  return filter.empty() || filter == "inputMessagesFilterEmpty" ||
         filter == "inputMessagesFilterPinned";
}

Answer search_messages(Call& call) {
  const auto& input = call.args["peer"];
  const Window window(call);
  const auto wanted = lower(call.text("q"));
  const auto filter = call.args["filter"].constructor();
  std::optional<UserId> from;
  if (call.has("from_id")) {
    const auto user = call.user_of(call.args["from_id"]);
    if (!user) return bad_request("FROM_PEER_INVALID");
    from = *user;
  }
  const UserInbox* box = &call.box();
  Found found;
  std::deque<std::int32_t> hits;
  const auto look = [&](const BoxMessage& message) {
    const auto date = message.post->date;
    const auto after = call.number("min_date");
    const auto before = call.number("max_date");
    if ((after > 0 && date <= after) || (before > 0 && date >= before)) return;
    if (fits(call, message, wanted, filter, from)) hits.push_back(message.id);
  };
  if (input.constructor() == "inputPeerEmpty" || !input.is_object()) {
    for (const auto& message : box->messages()) {
      if (message.post) look(message);
    }
  } else {
    const auto peer = call.peer(input);
    if (!peer) return peer.error();
    for (const auto id : call.world.ids_of(call.user(), *peer)) {
      if (const auto* message = call.world.message(call.user(), *peer, id)) look(*message);
    }
    found.channel = channel_of(call, *peer);
    if (found.channel != nullptr) box = &found.channel->box;
  }
  found.messages = cut(*box, hits, window);
  found.total = hits.size();
  found.whole = found.messages.size() == found.total;
  return answer(call, found);
}

Answer get_search_counters(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  std::vector<Value> counters;
  for (const auto& filter : call.args["filters"].items()) {
    if (counters.size() == limits::page) break;
    std::int64_t count = 0;
    for (const auto id : call.world.ids_of(call.user(), *peer)) {
      const auto* message = call.world.message(call.user(), *peer, id);
      if (message != nullptr && fits(call, *message, {}, filter.constructor(), {})) ++count;
    }
    counters.push_back(call.make.object("messages.searchCounter",
                                        {{"filter", filter}, {"count", Value::integer(count)}}));
  }
  return call.make.array(counters);
}

// What somebody keeps for themselves, by whom it came from.
Answer get_saved_history(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto& box = std::as_const(call.box());
  const auto* dialog = box.dialog(PeerKey::of(call.user()));
  std::deque<std::int32_t> ids;
  for (const auto id : dialog != nullptr ? dialog->ids : std::deque<std::int32_t>{}) {
    const auto* message = box.find(id);
    if (message == nullptr) continue;
    if (kept_under(*message->post, call.user()) == *peer) ids.push_back(id);
  }
  Found found;
  found.messages = cut(box, ids, Window(call));
  found.total = ids.size();
  found.whole = found.messages.size() == found.total;
  return answer(call, found);
}

Answer get_messages_views(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto* channel = channel_of(call, *peer);
  auto render = call.renderer();
  std::vector<Value> views;
  for (const auto& id : call.args["id"].items()) {
    if (views.size() == limits::page) break;
    const auto* message = call.world.message(call.user(), *peer,
                                             static_cast<std::int32_t>(id.as_int64().value_or(0)));
    Fields out(call.make, "messageViews");
    if (message != nullptr && channel != nullptr && channel->broadcast) {
      if (call.flag("increment")) call.world.view(call.user(), *message);
      out.number("views", static_cast<std::int64_t>(message->post->viewers.size()))
          .number("forwards", message->post->forwards);
    }
    views.push_back(out.done());
  }
  return call.make.object(
      "messages.messageViews",
      {{"views", call.make.array(views)}, {"chats", render.chats()}, {"users", render.users()}});
}

}  // namespace

std::span<const Method> history_methods() {
  static constexpr Method methods[] = {
      {"messages.getHistory", Needs::somebody, get_history},
      {"messages.getMessages", Needs::somebody, get_messages},
      {"messages.getSavedHistory", Needs::somebody, get_saved_history},
      {"messages.search", Needs::somebody, search_messages},
      {"messages.getSearchCounters", Needs::somebody, get_search_counters},
      {"messages.searchGlobal", Needs::somebody, search_messages},
      {"messages.getMessagesViews", Needs::somebody, get_messages_views},
  };
  return methods;
}

}  // namespace server::sandbox
