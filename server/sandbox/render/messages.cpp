// Renderer: messages, what is in them, and dialogs.
#include <algorithm>

#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

Value Renderer::entities(std::span<const Entity> entities) const {
  std::vector<Value> out;
  out.reserve(entities.size());
  for (const auto& entity : entities) {
    Fields one(make_, entity_name(entity.kind));
    one.flag("collapsed", entity.kind == Entity::Kind::blockquote && entity.collapsed)
        .number("offset", entity.offset)
        .number("length", entity.length);
    switch (entity.kind) {
      case Entity::Kind::pre:
        one.text("language", entity.text);
        break;
      case Entity::Kind::text_url:
        one.text("url", entity.text);
        break;
      case Entity::Kind::mention_name:
        one.number("user_id", entity.id);
        break;
      case Entity::Kind::custom_emoji:
        one.number("document_id", entity.id);
        break;
      default:
        break;
    }
    out.push_back(one.done());
  }
  return make_.array(out);
}

Value Renderer::photo(const File& file) const {
  const auto size = make_.object(
      "photoSize", {{"type", Value::string("x")},
                    {"w", Value::integer(file.w)},
                    {"h", Value::integer(file.h)},
                    {"size", Value::integer(static_cast<std::int64_t>(file.bytes.size()))}});
  return make_.object("photo", {{"id", Value::integer(file.id)},
                                {"access_hash", Value::integer(file.access_hash)},
                                {"file_reference", make_.bytes(file.reference)},
                                {"date", Value::integer(file.date)},
                                {"sizes", make_.array({size})},
                                {"dc_id", Value::integer(file.dc)}});
}

Value Renderer::attributes(const File& file) const {
  std::vector<Value> out;
  for (const auto& attribute : file.attributes) {
    switch (attribute.kind) {
      case Attribute::Kind::image_size:
        out.push_back(
            make_.object("documentAttributeImageSize",
                         {{"w", Value::integer(attribute.w)}, {"h", Value::integer(attribute.h)}}));
        break;
      case Attribute::Kind::animated:
        out.push_back(make_.object("documentAttributeAnimated", {}));
        break;
      case Attribute::Kind::video: {
        Fields one(make_, "documentAttributeVideo");
        one.flag("round_message", attribute.round)
            .flag("supports_streaming", attribute.streaming)
            .set("duration", Value::real(attribute.duration))
            .number("w", attribute.w)
            .number("h", attribute.h);
        out.push_back(one.done());
        break;
      }
      case Attribute::Kind::audio: {
        Fields one(make_, "documentAttributeAudio");
        one.flag("voice", attribute.voice)
            .number("duration", static_cast<std::int64_t>(attribute.duration));
        if (!attribute.title.empty()) one.text("title", attribute.title);
        if (!attribute.performer.empty()) one.text("performer", attribute.performer);
        if (!attribute.waveform.empty()) one.set("waveform", make_.bytes(attribute.waveform));
        out.push_back(one.done());
        break;
      }
      case Attribute::Kind::filename:
        out.push_back(make_.object("documentAttributeFilename",
                                   {{"file_name", make_.string(attribute.title)}}));
        break;
    }
  }
  return make_.array(out);
}

Value Renderer::document(const File& file) const {
  return make_.object("document",
                      {{"id", Value::integer(file.id)},
                       {"access_hash", Value::integer(file.access_hash)},
                       {"file_reference", make_.bytes(file.reference)},
                       {"date", Value::integer(file.date)},
                       {"mime_type", make_.string(file.mime_type)},
                       {"size", Value::integer(static_cast<std::int64_t>(file.bytes.size()))},
                       {"dc_id", Value::integer(file.dc)},
                       {"attributes", attributes(file)}});
}

Value Renderer::media(const Media& media) {
  return std::visit(
      Overloaded{[&](std::monostate) { return make_.object("messageMediaEmpty", {}); },
                 [&](const FileMedia& one) {
                   const bool photo_due = one.file->photo;
                   Fields out(make_, photo_due ? "messageMediaPhoto" : "messageMediaDocument");
                   out.flag("spoiler", one.spoiler);
                   if (photo_due) {
                     out.set("photo", photo(*one.file));
                   } else {
                     for (const auto& attribute : one.file->attributes) {
                       if (attribute.kind == Attribute::Kind::video) {
                         out.flag("video").flag("round", attribute.round);
                       }
                       if (attribute.kind == Attribute::Kind::audio)
                         out.flag("voice", attribute.voice);
                     }
                     out.set("document", document(*one.file));
                   }
                   return out.done();
                 },
                 [&](const ContactCard& card) {
                   if (card.user != UserId{}) need(card.user);
                   return make_.object("messageMediaContact",
                                       {{"phone_number", make_.string(card.phone)},
                                        {"first_name", make_.string(card.first_name)},
                                        {"last_name", make_.string(card.last_name)},
                                        {"vcard", make_.string(card.vcard)},
                                        {"user_id", Value::integer(card.user.value())}});
                 },
                 [&](const Place& place) {
                   const auto point =
                       make_.object("geoPoint", {{"long", Value::real(place.longitude)},
                                                 {"lat", Value::real(place.latitude)},
                                                 {"access_hash", Value::integer(0)}});
                   return make_.object("messageMediaGeo", {{"geo", point}});
                 }},
      media);
}

Value Renderer::service_action(const Action& action) {
  const auto ids = [&](const std::vector<UserId>& users) {
    std::vector<Value> out;
    for (const auto user : users) {
      need(user);
      out.push_back(Value::integer(user.value()));
    }
    return make_.array(out);
  };
  return std::visit(
      Overloaded{
          [&](std::monostate) { return make_.object("messageActionEmpty", {}); },
          [&](const ChatCreated& one) {
            return make_.object("messageActionChatCreate",
                                {{"title", make_.string(one.title)}, {"users", ids(one.users)}});
          },
          [&](const ChatTitled& one) {
            return make_.object("messageActionChatEditTitle", {{"title", make_.string(one.title)}});
          },
          [&](const ChatJoined& one) {
            return make_.object("messageActionChatAddUser", {{"users", ids(one.users)}});
          },
          [&](const ChannelCreated& one) {
            return make_.object("messageActionChannelCreate", {{"title", make_.string(one.title)}});
          },
          [&](const MessagePinned&) { return make_.object("messageActionPinMessage", {}); },
          [&](const ChatLeft& one) {
            need(one.user);
            return make_.object("messageActionChatDeleteUser",
                                {{"user_id", Value::integer(one.user.value())}});
          }},
      action);
}

bool Renderer::mentioned(const BoxMessage& message) const {
  if (!message.peer.is_channel()) return message.mentioned;
  const auto* viewer = world_.accounts.find(viewer_);
  const auto* replied = world_.message(viewer_, message.peer, message.reply_to);
  return viewer != nullptr && message.post->from != viewer_ &&
         mentions(*message.post, *viewer, replied != nullptr ? replied->post.get() : nullptr);
}

Value Renderer::message(const BoxMessage& message) {
  const auto& post = *message.post;
  const auto* channel =
      message.peer.is_channel() ? world_.channels.find(message.peer.channel()) : nullptr;
  const bool broadcast = channel != nullptr && channel->broadcast;
  const bool own = channel != nullptr ? post.from == viewer_ : message.out;
  // What somebody keeps for themselves is neither incoming nor outgoing.
  const bool saved = message.peer == PeerKey::of(viewer_);
  Fields out(make_, post.is_service() ? "messageService" : "message");
  out.flag("out", own && !saved)
      .flag("mentioned", mentioned(message))
      .flag("post", broadcast)
      .flag("silent", post.silent)
      .flag("pinned", message.pinned && !post.is_service())
      .flag("noforwards", post.noforwards && !post.is_service())
      .number("id", message.id);
  // In a private chat the author is told only where it is not the peer; a channel is its own author.
  if (!broadcast) need(post.from);
  const bool with_author = !message.peer.is_user() || message.out;
  if (with_author && !broadcast) out.set("from_id", peer(PeerKey::of(post.from)));
  out.set("peer_id", peer(message.peer));
  if (saved) {
    out.set("saved_peer_id", peer(post.forward ? post.forward->from : PeerKey::of(viewer_)));
  }
  if (message.reply_to != 0) {
    out.set("reply_to", make_.object("messageReplyHeader",
                                     {{"reply_to_msg_id", Value::integer(message.reply_to)}}));
  }
  out.number("date", post.date);
  if (post.is_service()) return out.set("action", service_action(post.action)).done();

  if (post.forward) {
    Fields forward(make_, "messageFwdHeader");
    forward.set("from_id", peer(post.forward->from)).number("date", post.forward->date);
    if (post.forward->post != 0) forward.number("channel_post", post.forward->post);
    out.set("fwd_from", forward.done());
  }
  out.text("message", post.text);
  if (post.media.index() != 0) out.set("media", media(post.media));
  if (!post.entities.empty()) {
    for (const auto& entity : post.entities) {
      if (entity.kind == Entity::Kind::mention_name) need(UserId(entity.id));
    }
    out.set("entities", entities(post.entities));
  }
  if (post.edit_date != 0) out.number("edit_date", post.edit_date);
  if (!post.reactions.empty()) out.set("reactions", reactions(post));
  return out.done();
}

Value Renderer::reaction(const Reaction& reaction) {
  Fields out(make_, "messagePeerReaction");
  return out.flag("my", reaction.user == viewer_)
      .set("peer_id", peer(PeerKey::of(reaction.user)))
      .number("date", reaction.date)
      .set("reaction", make_.object("reactionEmoji", {{"emoticon", make_.string(reaction.emoji)}}))
      .done();
}

Value Renderer::reactions(const Post& post) {
  struct Count {
    std::string_view emoji;
    std::int64_t count = 0;
    bool mine = false;
  };
  std::vector<Count> counts;
  std::vector<Value> recent;
  for (const auto& one : post.reactions) {
    auto at = std::find_if(counts.begin(), counts.end(),
                           [&](const Count& count) { return count.emoji == one.emoji; });
    if (at == counts.end()) at = counts.insert(at, Count{one.emoji});
    ++at->count;
    at->mine |= one.user == viewer_;
  }
  for (auto at = post.reactions.rbegin(); at != post.reactions.rend() && recent.size() < 3; ++at) {
    recent.push_back(reaction(*at));
  }
  std::vector<Value> results;
  for (const auto& count : counts) {
    Fields one(make_, "reactionCount");
    if (count.mine) one.number("chosen_order", 0);
    one.set("reaction", make_.object("reactionEmoji", {{"emoticon", make_.string(count.emoji)}}))
        .number("count", count.count);
    results.push_back(one.done());
  }
  return make_.object("messageReactions", {{"can_see_list", Value::boolean(true)},
                                           {"results", make_.array(results)},
                                           {"recent_reactions", make_.array(recent)}});
}

Value Renderer::draft(const Dialog& dialog) const {
  if (!dialog.draft) {
    return make_.object("draftMessageEmpty", {{"date", Value::integer(world_.date())}});
  }
  const auto& draft = *dialog.draft;
  Fields out(make_, "draftMessage");
  if (draft.reply_to != 0) {
    out.set("reply_to", make_.object("inputReplyToMessage",
                                     {{"reply_to_msg_id", Value::integer(draft.reply_to)}}));
  }
  out.text("message", draft.text);
  if (!draft.entities.empty()) out.set("entities", entities(draft.entities));
  return out.number("date", draft.date).done();
}

Value Renderer::dialog(const Dialog& dialog) {
  const auto& ids = world_.ids_of(viewer_, dialog.peer);
  Fields out(make_, "dialog");
  out.flag("pinned", dialog.pinned)
      .flag("unread_mark", dialog.marked)
      .set("peer", peer(dialog.peer))
      .number("top_message", ids.empty() ? 0 : ids.back())
      .number("read_inbox_max_id", dialog.read_inbox)
      .number("read_outbox_max_id", dialog.read_outbox)
      .number("unread_count", world_.unread(viewer_, dialog))
      .number("unread_mentions_count", 0)
      .number("unread_reactions_count", 0)
      .number("unread_poll_votes_count", 0)
      .set("notify_settings", notify_settings(&dialog.notify));
  if (dialog.peer.is_channel()) out.number("pts", world_.box_of(viewer_, dialog.peer)->pts());
  if (dialog.draft) out.set("draft", draft(dialog));
  return out.done();
}

}  // namespace server::sandbox
