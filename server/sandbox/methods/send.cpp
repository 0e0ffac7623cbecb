// Sending: text, media, forwards. core.telegram.org/method/messages.sendMessage
#include "server/sandbox/methods/keyboard.hpp"
#include "server/sandbox/methods/media.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

Outcome<Draft> draft_of(Call& call, PeerKey peer, const Value& message, std::size_t longest,
                        std::string_view too_long) {
  const auto text = message["message"].text();
  if (!is_utf8(text)) return bad_request("INPUT_FETCH_ERROR");
  auto entities = call.entities(message["entities"]);
  if (!entities) return entities.error();
  auto formatted = tidy(text, std::move(*entities));
  if (utf16_length(formatted.text) > longest) return bad_request(std::string(too_long));
  Draft draft;
  draft.text = std::move(formatted.text);
  draft.entities = std::move(formatted.entities);
  draft.silent = call.flag("silent");
  draft.noforwards = call.flag("noforwards");
  auto keyboard = keyboard_of(call, call.args["reply_markup"]);
  if (!keyboard) return keyboard.error();
  draft.keyboard = std::move(*keyboard);
  draft.reply_to = call.reply_to();
  if (draft.reply_to != 0 && !call.message(peer, draft.reply_to)) {
    return bad_request("REPLY_MESSAGE_ID_INVALID");
  }
  return draft;
}

Outcome<void> use_random_id(Call& call, const Value& random_id) {
  const auto id = random_id.as_int64().value_or(0);
  if (id == 0) return bad_request("RANDOM_ID_EMPTY");
  if (!call.box().use_random_id(id)) return RpcError{500, "RANDOM_ID_DUPLICATE"};
  return {};
}

Value message_id(Call& call, std::int32_t id, const Value& random_id) {
  return call.make.object("updateMessageID",
                          {{"id", Value::integer(id)},
                           {"random_id", Value::integer(random_id.as_int64().value_or(0))}});
}

// Now, or at its time.
std::int32_t put(Call& call, PeerKey peer, Draft draft, std::optional<std::int32_t> date) {
  if (date) return call.world.schedule(call.user(), peer, std::move(draft), *date);
  return call.world.send(call.user(), peer, std::move(draft)).id;
}

Answer send_message(Call& call) {
  const auto peer = call.writable(call.args["peer"]);
  if (!peer) return peer.error();
  auto draft = draft_of(call, *peer, call.args, limits::text, "MESSAGE_TOO_LONG");
  if (!draft) return draft.error();
  if (draft->text.empty()) return bad_request("MESSAGE_EMPTY");
  const auto date = schedule_date(call, *peer);
  if (!date) return date.error();
  if (const auto fresh = use_random_id(call, call.args["random_id"]); !fresh) return fresh.error();

  if (auto* dialog = call.box().dialog(*peer);
      call.flag("clear_draft") && dialog && dialog->draft) {
    dialog->draft.reset();
    call.world.tell(call.user(), DraftChanged{*peer});
  }
  if (*date || peer->is_channel()) {
    const auto id = put(call, *peer, std::move(*draft), *date);
    const Value first[] = {message_id(call, id, call.args["random_id"])};
    return call.answer_updates(first);
  }
  const auto& message = call.world.send(call.user(), *peer, std::move(*draft));
  const auto& logged = call.box().events().back();
  Fields out(call.make, "updateShortSentMessage");
  out.flag("out", *peer != PeerKey::of(call.user()))
      .number("id", message.id)
      .number("pts", logged.pts)
      .number("pts_count", logged.pts_count)
      .number("date", message.post->date);
  if (!message.post->entities.empty()) {
    out.set("entities", call.renderer().entities(message.post->entities));
  }
  return out.done();
}

Answer send_media(Call& call) {
  const auto peer = call.writable(call.args["peer"]);
  if (!peer) return peer.error();
  auto draft = draft_of(call, *peer, call.args, limits::caption, "MEDIA_CAPTION_TOO_LONG");
  if (!draft) return draft.error();
  auto media = media_of(call, call.args["media"]);
  if (!media) return media.error();
  draft->media = std::move(*media);
  const auto date = schedule_date(call, *peer);
  if (!date) return date.error();
  if (const auto* poll = std::get_if<PollMedia>(&draft->media);
      poll && *date && poll->poll->close_period != 0) {
    poll->poll->close_date = **date + poll->poll->close_period;
  }
  if (const auto fresh = use_random_id(call, call.args["random_id"]); !fresh) return fresh.error();
  const auto id = put(call, *peer, std::move(*draft), *date);
  const Value first[] = {message_id(call, id, call.args["random_id"])};
  return call.answer_updates(first);
}

Answer send_multi_media(Call& call) {
  const auto peer = call.writable(call.args["peer"]);
  if (!peer) return peer.error();
  const auto items = call.args["multi_media"].items();
  if (items.empty()) return bad_request("MEDIA_EMPTY");
  if (items.size() > 10) return bad_request("MULTI_MEDIA_TOO_LONG");
  std::vector<Draft> drafts;
  for (const auto& item : items) {
    auto draft = draft_of(call, *peer, item, limits::caption, "MEDIA_CAPTION_TOO_LONG");
    if (!draft) return draft.error();
    auto media = media_of(call, item["media"]);
    if (!media) return media.error();
    draft->media = std::move(*media);
    drafts.push_back(std::move(*draft));
  }
  const auto date = schedule_date(call, *peer, items.size());
  if (!date) return date.error();
  for (const auto& item : items) {
    if (const auto fresh = use_random_id(call, item["random_id"]); !fresh) return fresh.error();
  }
  std::vector<Value> first;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto id = put(call, *peer, std::move(drafts[i]), *date);
    first.push_back(message_id(call, id, items[i]["random_id"]));
  }
  return call.answer_updates(first);
}

Answer upload_media(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto media = media_of(call, call.args["media"]);
  if (!media) return media.error();
  auto render = call.renderer();
  return render.media(*media);
}

// A channel speaks for itself.
PeerKey sender_of(const Call& call, const BoxMessage& message) {
  const auto* channel =
      message.peer.is_channel() ? call.world.channels.find(message.peer.channel()) : nullptr;
  return channel != nullptr && channel->broadcast ? message.peer : PeerKey::of(message.post->from);
}

// Whom a forwarded message names: whoever said it first; one's own notes name nobody. And where it
// was, for those who forward it to themselves. core.telegram.org/api/saved-messages
std::optional<Forward> source_of(const Call& call, const BoxMessage& message, PeerKey to) {
  const auto& post = *message.post;
  const auto self = PeerKey::of(call.user());
  const auto sender = sender_of(call, message);
  if (message.peer == self && !post.forward) return std::nullopt;
  auto out = post.forward.value_or(
      Forward{sender, post.date, sender.is_channel() ? message.id : 0, std::nullopt});
  out.saved.reset();
  if (to != self) return out;
  const bool own = message.peer.is_channel() ? post.from == call.user() : message.out;
  out.saved = SavedFrom{message.peer, message.id, own && sender != self, std::nullopt, 0};
  if (post.forward) {
    out.saved->out = own || message.peer == self;
    out.saved->sender = sender;
    out.saved->date = post.date;
  }
  return out;
}

Answer forward_messages(Call& call) {
  const auto from = call.peer(call.args["from_peer"]);
  if (!from) return from.error();
  const auto to = call.writable(call.args["to_peer"]);
  if (!to) return to.error();
  const auto ids = call.args["id"].items();
  const auto random_ids = call.args["random_id"].items();
  if (ids.empty()) return bad_request("MESSAGE_IDS_EMPTY");
  if (ids.size() > limits::page) return bad_request("MESSAGE_IDS_TOO_MUCH");
  if (ids.size() != random_ids.size()) return bad_request("RANDOM_ID_INVALID");
  std::vector<std::optional<Forward>> sources;
  std::vector<PostPtr> posts;
  for (const auto& id : ids) {
    const auto message = call.message(*from, static_cast<std::int32_t>(id.as_int64().value_or(0)));
    if (!message) return message.error();
    if ((*message)->post->is_service()) return bad_request("MESSAGE_ID_INVALID");
    if ((*message)->post->noforwards) return bad_request("CHAT_FORWARDS_RESTRICTED");
    sources.push_back(source_of(call, **message, *to));
    posts.push_back((*message)->post);
  }
  const auto date = schedule_date(call, *to, ids.size());
  if (!date) return date.error();
  for (const auto& id : random_ids) {
    if (const auto fresh = use_random_id(call, id); !fresh) return fresh.error();
  }
  std::vector<Value> first;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    const auto& post = *posts[i];
    Draft draft;
    if (!call.flag("drop_media_captions") || post.media.index() == 0) {
      draft.text = post.text;
      draft.entities = post.entities;
    }
    draft.media = post.media;
    draft.silent = call.flag("silent");
    draft.noforwards = call.flag("noforwards");
    if (!call.flag("drop_author")) draft.forward = sources[i];
    const auto id = put(call, *to, std::move(draft), *date);
    if (from->is_channel()) ++posts[i]->forwards;
    first.push_back(message_id(call, id, random_ids[i]));
  }
  return call.answer_updates(first);
}

}  // namespace

std::span<const Method> send_methods() {
  static constexpr Method methods[] = {
      {"messages.sendMessage", Needs::somebody, send_message},
      {"messages.sendMedia", Needs::somebody, send_media},
      {"messages.sendMultiMedia", Needs::somebody, send_multi_media},
      {"messages.uploadMedia", Needs::somebody, upload_media},
      {"messages.forwardMessages", Needs::somebody, forward_messages},
  };
  return methods;
}

}  // namespace server::sandbox
