#include "server/sandbox/state_values.hpp"

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>
#include <stdexcept>

#include "tl/base64.hpp"

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

// Exact, which a decimal number through this parser is not.
std::int64_t exact(double value) { return std::bit_cast<std::int64_t>(value); }
double inexact(std::int64_t bits) { return std::bit_cast<double>(bits); }

json::array peer_to_json(PeerKey peer) {
  return {peer.is_user() ? "user" : peer.is_chat() ? "chat" : "channel", peer.id};
}

PeerKey peer_from_json(const json::value& in) {
  const auto id = in.as_array().at(1).as_int64();
  const auto& kind = in.as_array().at(0).as_string();
  if (kind == "channel") return PeerKey::of(ChannelId(id));
  return kind == "user" ? PeerKey::of(UserId(id)) : PeerKey::of(ChatId(id));
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

json::object formatted_to_json(const Formatted& text) {
  return {{"text", text.text}, {"entities", entities_to_json(text.entities)}};
}

Formatted formatted_from_json(const json::value& value) {
  const auto& in = value.as_object();
  return {text(in, "text"), entities_from_json(in.at("entities"))};
}

json::object poll_to_json(const Poll& poll) {
  json::array choices, votes;
  for (const auto& one : poll.choices) {
    choices.push_back(json::array{formatted_to_json(one.text), base64(one.option)});
  }
  for (const auto& [user, vote] : poll.votes) {
    votes.push_back(json::array{user.value(), vote.date,
                                json::array(vote.choices.begin(), vote.choices.end())});
  }
  return {{"poll", poll.id},
          {"question", formatted_to_json(poll.question)},
          {"choices", std::move(choices)},
          {"public_voters", poll.public_voters},
          {"multiple", poll.multiple},
          {"quiz", poll.quiz},
          {"correct", poll.correct},
          {"solution", formatted_to_json(poll.solution)},
          {"closed", poll.closed},
          {"close_period", poll.close_period},
          {"close_date", poll.close_date},
          {"votes", std::move(votes)}};
}

PollPtr poll_from_json(const json::object& in) {
  auto poll = std::make_shared<Poll>();
  poll->id = number(in, "poll");
  poll->question = formatted_from_json(in.at("question"));
  for (const auto& item : in.at("choices").as_array()) {
    Poll::Choice choice{formatted_from_json(item.as_array().at(0)), {}};
    const auto& option = item.as_array().at(1).as_string();
    if (!tl::decode_base64({option.data(), option.size()}, choice.option)) {
      throw std::runtime_error("a poll has an option that is no base64");
    }
    poll->choices.push_back(std::move(choice));
  }
  const auto place = [&](const json::value& value) {
    const auto at = value.to_number<std::size_t>();
    if (at >= poll->choices.size()) throw std::runtime_error("a poll has no such choice");
    return at;
  };
  poll->public_voters = in.at("public_voters").as_bool();
  poll->multiple = in.at("multiple").as_bool();
  poll->quiz = in.at("quiz").as_bool();
  poll->correct = place(in.at("correct"));
  poll->solution = formatted_from_json(in.at("solution"));
  poll->closed = in.at("closed").as_bool();
  poll->close_period = number32(in, "close_period");
  poll->close_date = number32(in, "close_date");
  for (const auto& item : in.at("votes").as_array()) {
    const auto& from = item.as_array();
    auto& vote = poll->votes[UserId(from.at(0).as_int64())];
    vote.date = static_cast<std::int32_t>(from.at(1).as_int64());
    for (const auto& choice : from.at(2).as_array()) vote.choices.push_back(place(choice));
    if (vote.choices.empty()) throw std::runtime_error("a poll has an empty vote");
  }
  return poll;
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
  if (const auto* dice = std::get_if<Dice>(&media)) {
    return json::object{{"dice", dice->emoticon}, {"value", dice->value}};
  }
  if (const auto* poll = std::get_if<PollMedia>(&media)) return poll_to_json(*poll->poll);
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
  if (in.contains("dice")) return Dice{text(in, "dice"), number32(in, "value")};
  if (in.contains("poll")) return PollMedia{poll_from_json(in)};
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
  if (const auto* made = std::get_if<ChannelCreated>(&action)) {
    return json::object{{"channel", made->title}};
  }
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
  if (in.contains("channel")) return ChannelCreated{text(in, "channel")};
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

json::object keyboard_to_json(const Keyboard& keyboard) {
  json::array rows;
  for (const auto& row : keyboard.rows) {
    json::array buttons;
    for (const auto& one : row) {
      buttons.push_back(
          json::array{static_cast<std::int64_t>(one.kind), one.text, one.url, base64(one.data)});
    }
    rows.push_back(std::move(buttons));
  }
  return {{"kind", static_cast<std::int64_t>(keyboard.kind)},
          {"rows", std::move(rows)},
          {"resize", keyboard.resize},
          {"single_use", keyboard.single_use},
          {"selective", keyboard.selective},
          {"persistent", keyboard.persistent},
          {"placeholder", keyboard.placeholder}};
}

KeyboardPtr keyboard_from_json(const json::object& in) {
  auto keyboard = std::make_shared<Keyboard>();
  const auto kind = [](const json::value& value, auto last) {
    const auto number = value.as_int64();
    if (number < 0 || number > static_cast<std::int64_t>(last)) {
      throw std::runtime_error("a message has unknown buttons");
    }
    return static_cast<decltype(last)>(number);
  };
  keyboard->kind = kind(in.at("kind"), Keyboard::Kind::force_reply);
  for (const auto& row : in.at("rows").as_array()) {
    auto& buttons = keyboard->rows.emplace_back();
    for (const auto& item : row.as_array()) {
      const auto& from = item.as_array();
      const auto string = [&](std::size_t at) { return json::value_to<std::string>(from.at(at)); };
      Button button{kind(from.at(0), Button::Kind::callback), string(1), string(2), {}};
      if (!tl::decode_base64(string(3), button.data)) {
        throw std::runtime_error("a button's data is no base64");
      }
      buttons.push_back(std::move(button));
    }
  }
  keyboard->resize = in.at("resize").as_bool();
  keyboard->single_use = in.at("single_use").as_bool();
  keyboard->selective = in.at("selective").as_bool();
  keyboard->persistent = in.at("persistent").as_bool();
  keyboard->placeholder = text(in, "placeholder");
  return keyboard;
}

// Before there were channels it was a user and a date.
Forward forward_from_json(const json::array& in) {
  const auto& from = in.at(0);
  return {from.is_array() ? peer_from_json(from) : PeerKey::of(UserId(from.as_int64())),
          static_cast<std::int32_t>(in.at(1).as_int64()),
          in.size() > 2 ? static_cast<std::int32_t>(in.at(2).as_int64()) : 0};
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
                                      {"waveform", base64(one.waveform)},
                                      {"set", one.set},
                                      {"set_hash", one.set_hash}});
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
    if (kind < 0 || kind > static_cast<std::int64_t>(Attribute::Kind::sticker)) {
      throw std::runtime_error("a file has an unknown attribute");
    }
    file.attributes.push_back(
        {static_cast<Attribute::Kind>(kind), number32(from, "w"), number32(from, "h"),
         inexact(number(from, "duration")), from.at("voice").as_bool(), from.at("round").as_bool(),
         from.at("streaming").as_bool(), text(from, "title"), text(from, "performer"),
         bytes(from, "waveform"), from.contains("set") ? number(from, "set") : 0,
         from.contains("set_hash") ? number(from, "set_hash") : 0});
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
  if (post.keyboard) out["keyboard"] = keyboard_to_json(*post.keyboard);
  json::array reactions;
  for (const auto& one : post.reactions) {
    reactions.push_back(json::array{one.user.value(), one.emoji, one.date});
  }
  if (!reactions.empty()) out["reactions"] = std::move(reactions);
  if (const auto& forward = post.forward) {
    out["forward"] = json::array{peer_to_json(forward->from), forward->date, forward->post};
  }
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
  if (const auto* given = in.if_contains("keyboard")) {
    post->keyboard = keyboard_from_json(given->as_object());
  }
  if (const auto* given = in.if_contains("reactions")) {
    for (const auto& item : given->as_array()) {
      const auto& from = item.as_array();
      const auto& emoji = from.at(1).as_string();
      post->reactions.push_back({UserId(from.at(0).as_int64()),
                                 {emoji.data(), emoji.size()},
                                 static_cast<std::int32_t>(from.at(2).as_int64())});
    }
  }
  if (const auto* given = in.if_contains("forward")) {
    post->forward = forward_from_json(given->as_array());
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
