// Parts of the state file: boxes, with their dialogs and logs.
#include "server/sandbox/state/parts.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

json::value event_to_json(const Logged& logged) {
  json::object out{{"pts", logged.pts}, {"count", logged.pts_count}};
  if (const auto* added = std::get_if<NewMessage>(&logged.event)) {
    out["new"] = added->id;
  } else if (const auto* edited = std::get_if<EditedMessage>(&logged.event)) {
    out["edited"] = edited->id;
  } else if (const auto* deleted = std::get_if<DeletedMessages>(&logged.event)) {
    json::array ids(deleted->ids.begin(), deleted->ids.end());
    out["deleted"] = std::move(ids);
  } else if (const auto* in = std::get_if<ReadInbox>(&logged.event)) {
    out["inbox"] = in->max_id;
    out["peer"] = peer_to_json(in->peer);
    out["unread"] = in->still_unread;
  } else if (const auto* pins = std::get_if<PinnedMessages>(&logged.event)) {
    out["pins"] = json::array(pins->ids.begin(), pins->ids.end());
    out["peer"] = peer_to_json(pins->peer);
    out["pinned"] = pins->pinned;
  } else if (const auto* read = std::get_if<ReadOutbox>(&logged.event)) {
    out["outbox"] = read->max_id;
    out["peer"] = peer_to_json(read->peer);
  }
  return out;
}

Event event_from_json(const json::object& in) {
  if (in.contains("new")) return NewMessage{number32(in, "new")};
  if (in.contains("edited")) return EditedMessage{number32(in, "edited")};
  if (in.contains("inbox")) {
    return ReadInbox{peer_from_json(in.at("peer")), number32(in, "inbox"), number32(in, "unread")};
  }
  if (in.contains("outbox")) {
    return ReadOutbox{peer_from_json(in.at("peer")), number32(in, "outbox")};
  }
  if (in.contains("pins")) {
    return PinnedMessages{peer_from_json(in.at("peer")), ids_from_json(in.at("pins")),
                          in.at("pinned").as_bool()};
  }
  return DeletedMessages{ids_from_json(in.at("deleted"))};
}

json::value draft_to_json(const std::optional<SavedDraft>& draft) {
  if (!draft) return nullptr;
  return json::object{{"text", draft->text},
                      {"entities", entities_to_json(draft->entities)},
                      {"reply_to", draft->reply_to},
                      {"date", draft->date}};
}

std::optional<SavedDraft> draft_from_json(const json::value& in) {
  if (in.is_null()) return {};
  const auto& from = in.as_object();
  return SavedDraft{text(from, "text"), entities_from_json(from.at("entities")),
                    number32(from, "reply_to"), number32(from, "date")};
}

json::object notify_to_json(const Notify& notify) {
  json::object out;
  if (notify.show_previews) out["show_previews"] = *notify.show_previews;
  if (notify.silent) out["silent"] = *notify.silent;
  if (notify.mute_until) out["mute_until"] = *notify.mute_until;
  return out;
}

Notify notify_from_json(const json::object& in) {
  Notify notify;
  if (const auto* given = in.if_contains("show_previews")) notify.show_previews = given->as_bool();
  if (const auto* given = in.if_contains("silent")) notify.silent = given->as_bool();
  if (in.contains("mute_until")) notify.mute_until = number32(in, "mute_until");
  return notify;
}

}  // namespace

json::object box_to_json(UserId owner, const UserInbox& box, const Places& places) {
  json::array messages, dialogs, events;
  std::int32_t first = box.next_id();
  for (const auto& message : box.messages()) {
    first = std::min(first, message.id);
    if (!message.post) {
      messages.push_back(nullptr);
      continue;
    }
    messages.push_back(json::array{places.at(message.post.get()), message.reply_to,
                                   peer_to_json(message.peer), message.out, message.mentioned,
                                   message.pinned});
  }
  for (const auto& [peer, dialog] : box.dialogs()) {
    dialogs.push_back(json::object{{"peer", peer_to_json(peer)},
                                   {"read_inbox", dialog.read_inbox},
                                   {"read_outbox", dialog.read_outbox},
                                   {"unread", dialog.unread},
                                   {"pinned", dialog.pinned},
                                   {"marked", dialog.marked},
                                   {"draft", draft_to_json(dialog.draft)},
                                   {"notify", notify_to_json(dialog.notify)}});
  }
  for (const auto& event : box.events()) events.push_back(event_to_json(event));
  return {{"user", owner.value()},
          {"pts", box.pts()},
          {"first_id", first},
          {"messages", std::move(messages)},
          {"dialogs", std::move(dialogs)},
          {"events", std::move(events)}};
}

void box_from_json(const json::object& in, UserId owner, UserInbox& box,
                   const std::vector<PostPtr>& posts) {
  box.restore(number32(in, "pts"), number32(in, "first_id"));
  for (const auto& item : in.at("messages").as_array()) {
    BoxMessage message;
    message.id = box.next_id();
    if (!item.is_null()) {
      const auto& from = item.as_array();
      message.post = posts.at(static_cast<std::size_t>(from.at(0).as_int64()));
      message.reply_to = static_cast<std::int32_t>(from.at(1).as_int64());
      message.peer = peer_from_json(from.at(2));
      message.out = from.at(3).as_bool();
      message.mentioned = from.at(4).as_bool();
      message.pinned = from.size() > 5 && from.at(5).as_bool();
      if (!message.peer.is_channel()) message.post->copies.push_back({owner, message.id});
    }
    box.restore(std::move(message));
  }
  for (const auto& item : in.at("dialogs").as_array()) {
    const auto& from = item.as_object();
    auto& dialog = box.open_dialog(peer_from_json(from.at("peer")));
    dialog.read_inbox = number32(from, "read_inbox");
    dialog.read_outbox = number32(from, "read_outbox");
    dialog.unread = number32(from, "unread");
    dialog.pinned = from.at("pinned").as_bool();
    if (const auto* given = from.if_contains("marked")) dialog.marked = given->as_bool();
    if (const auto* given = from.if_contains("draft")) dialog.draft = draft_from_json(*given);
    dialog.notify = notify_from_json(from.at("notify").as_object());
  }
  for (const auto& item : in.at("events").as_array()) {
    const auto& from = item.as_object();
    box.restore(Logged{number32(from, "pts"), number32(from, "count"), event_from_json(from), {}});
  }
}

}  // namespace server::sandbox::state
