#include "server/sandbox/state_values.hpp"

#include <bit>
#include <boost/json/array.hpp>
#include <stdexcept>

#include "tl/base64.hpp"

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

// Exact, which a decimal number through this parser is not.
std::int64_t exact(double value) { return std::bit_cast<std::int64_t>(value); }
double inexact(std::int64_t bits) { return std::bit_cast<double>(bits); }

json::array peer_to_json(PeerKey peer) { return {peer.is_user() ? "user" : "chat", peer.id}; }

PeerKey peer_from_json(const json::value& in) {
  const auto id = in.as_array().at(1).as_int64();
  return in.as_array().at(0).as_string() == "user" ? PeerKey::of(UserId(id))
                                                   : PeerKey::of(ChatId(id));
}

json::array users_to_json(const std::vector<UserId>& users) {
  json::array out;
  for (const auto user : users) out.push_back(user.value());
  return out;
}

std::vector<UserId> users_from_json(const json::value& in) {
  std::vector<UserId> out;
  for (const auto& user : in.as_array()) out.emplace_back(user.as_int64());
  return out;
}

json::value media_to_json(const Media& media) {
  if (const auto* file = std::get_if<FileMedia>(&media)) {
    return json::object{{"file", file->file->id}, {"spoiler", file->spoiler}};
  }
  if (const auto* card = std::get_if<ContactCard>(&media)) {
    return json::object{{"phone", card->phone},
                        {"first_name", card->first_name},
                        {"last_name", card->last_name},
                        {"vcard", card->vcard},
                        {"user", card->user.value()}};
  }
  if (const auto* place = std::get_if<Place>(&media)) {
    return json::object{{"latitude", exact(place->latitude)},
                        {"longitude", exact(place->longitude)}};
  }
  return nullptr;
}

Media media_from_json(const json::value& value, const Files& files) {
  if (value.is_null()) return {};
  const auto& in = value.as_object();
  if (in.contains("file")) {
    auto file = files.find(number(in, "file"));
    if (!file) throw std::runtime_error("a message holds a file that is not there");
    return FileMedia{std::move(file), in.at("spoiler").as_bool()};
  }
  if (in.contains("latitude")) {
    return Place{inexact(number(in, "latitude")), inexact(number(in, "longitude"))};
  }
  return ContactCard{text(in, "phone"), text(in, "first_name"), text(in, "last_name"),
                     text(in, "vcard"), UserId(number(in, "user"))};
}

json::value action_to_json(const Action& action) {
  if (const auto* made = std::get_if<ChatCreated>(&action)) {
    return json::object{{"created", made->title}, {"users", users_to_json(made->users)}};
  }
  if (const auto* titled = std::get_if<ChatTitled>(&action)) {
    return json::object{{"titled", titled->title}};
  }
  if (const auto* joined = std::get_if<ChatJoined>(&action)) {
    return json::object{{"joined", users_to_json(joined->users)}};
  }
  if (std::holds_alternative<MessagePinned>(action)) return json::object{{"pinned", true}};
  if (const auto* left = std::get_if<ChatLeft>(&action)) {
    return json::object{{"left", left->user.value()}};
  }
  return nullptr;
}

Action action_from_json(const json::value& value) {
  if (value.is_null()) return {};
  const auto& in = value.as_object();
  if (in.contains("created")) {
    return ChatCreated{text(in, "created"), users_from_json(in.at("users"))};
  }
  if (in.contains("titled")) return ChatTitled{text(in, "titled")};
  if (in.contains("joined")) return ChatJoined{users_from_json(in.at("joined"))};
  if (in.contains("pinned")) return MessagePinned{};
  return ChatLeft{UserId(number(in, "left"))};
}

std::vector<std::int32_t> ids_from_json(const json::value& in) {
  std::vector<std::int32_t> out;
  for (const auto& id : in.as_array()) out.push_back(static_cast<std::int32_t>(id.as_int64()));
  return out;
}

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

json::array entities_to_json(const std::vector<Entity>& entities) {
  json::array out;
  for (const auto& one : entities) {
    out.push_back(json::array{std::string(entity_name(one.kind)), one.offset, one.length, one.text,
                              one.id, one.collapsed});
  }
  return out;
}

std::vector<Entity> entities_from_json(const json::value& in) {
  std::vector<Entity> out;
  for (const auto& item : in.as_array()) {
    const auto& from = item.as_array();
    const auto& name = from.at(0).as_string();
    const auto kind = entity_kind({name.data(), name.size()});
    if (!kind) throw std::runtime_error("a message has an unknown entity");
    const auto& extra = from.at(3).as_string();
    out.push_back({*kind, static_cast<std::int32_t>(from.at(1).as_int64()),
                   static_cast<std::int32_t>(from.at(2).as_int64()),
                   std::string(extra.data(), extra.size()), from.at(4).as_int64(),
                   from.at(5).as_bool()});
  }
  return out;
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

std::int64_t number(const json::object& in, std::string_view name) {
  return in.at(name).as_int64();
}

std::int32_t number32(const json::object& in, std::string_view name) {
  return static_cast<std::int32_t>(number(in, name));
}

std::string text(const json::object& in, std::string_view name) {
  const auto& value = in.at(name).as_string();
  return {value.data(), value.size()};
}

std::string base64(tl::ByteView bytes) {
  std::string out;
  tl::append_base64(bytes, out);
  return out;
}

tl::Bytes bytes(const json::object& in, std::string_view name) {
  tl::Bytes out;
  if (!tl::decode_base64(text(in, name), out)) {
    throw std::runtime_error(std::string(name) + " is no base64");
  }
  return out;
}

json::object file_to_json(const File& file) {
  json::array attributes;
  for (const auto& one : file.attributes) {
    attributes.push_back(json::object{{"kind", static_cast<std::int64_t>(one.kind)},
                                      {"w", one.w},
                                      {"h", one.h},
                                      {"duration", exact(one.duration)},
                                      {"voice", one.voice},
                                      {"round", one.round},
                                      {"streaming", one.streaming},
                                      {"title", one.title},
                                      {"performer", one.performer},
                                      {"waveform", base64(one.waveform)}});
  }
  return {{"id", file.id},
          {"access_hash", file.access_hash},
          {"reference", base64(file.reference)},
          {"photo", file.photo},
          {"dc", file.dc},
          {"date", file.date},
          {"w", file.w},
          {"h", file.h},
          {"mime_type", file.mime_type},
          {"attributes", std::move(attributes)},
          {"bytes", base64(file.bytes)}};
}

File file_from_json(const json::object& in) {
  File file;
  file.id = number(in, "id");
  file.access_hash = number(in, "access_hash");
  file.reference = bytes(in, "reference");
  file.photo = in.at("photo").as_bool();
  file.dc = number32(in, "dc");
  file.date = number32(in, "date");
  file.w = number32(in, "w");
  file.h = number32(in, "h");
  file.mime_type = text(in, "mime_type");
  for (const auto& item : in.at("attributes").as_array()) {
    const auto& from = item.as_object();
    const auto kind = number(from, "kind");
    if (kind < 0 || kind > static_cast<std::int64_t>(Attribute::Kind::filename)) {
      throw std::runtime_error("a file has an unknown attribute");
    }
    file.attributes.push_back({static_cast<Attribute::Kind>(kind), number32(from, "w"),
                               number32(from, "h"), inexact(number(from, "duration")),
                               from.at("voice").as_bool(), from.at("round").as_bool(),
                               from.at("streaming").as_bool(), text(from, "title"),
                               text(from, "performer"), bytes(from, "waveform")});
  }
  file.bytes = bytes(in, "bytes");
  return file;
}

json::object post_to_json(const Post& post) {
  json::object out{{"from", post.from.value()},
                   {"date", post.date},
                   {"edit_date", post.edit_date},
                   {"text", post.text},
                   {"entities", entities_to_json(post.entities)},
                   {"media", media_to_json(post.media)},
                   {"action", action_to_json(post.action)},
                   {"silent", post.silent},
                   {"noforwards", post.noforwards}};
  if (post.forward) out["forward"] = json::array{post.forward->from.value(), post.forward->date};
  return out;
}

PostPtr post_from_json(const json::object& in, const Files& files) {
  auto post = std::make_shared<Post>();
  post->from = UserId(number(in, "from"));
  post->date = number32(in, "date");
  post->edit_date = number32(in, "edit_date");
  post->text = text(in, "text");
  post->entities = entities_from_json(in.at("entities"));
  post->media = media_from_json(in.at("media"), files);
  post->action = action_from_json(in.at("action"));
  post->silent = in.at("silent").as_bool();
  post->noforwards = in.at("noforwards").as_bool();
  if (const auto* given = in.if_contains("forward")) {
    post->forward = Forward{UserId(given->as_array().at(0).as_int64()),
                            static_cast<std::int32_t>(given->as_array().at(1).as_int64())};
  }
  return post;
}

json::object box_to_json(UserId owner, const UserInbox& box,
                         const std::unordered_map<const Post*, std::int64_t>& places) {
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
      message.post->copies.push_back({owner, message.id});
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
    box.restore(Logged{number32(from, "pts"), number32(from, "count"), event_from_json(from)});
  }
}

}  // namespace server::sandbox::state
