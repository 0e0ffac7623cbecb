// Renderer: messages, what happened to groups, reactions, and dialogs.
#include <algorithm>

#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/overloaded.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

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
          [&](const ChatPhotoed& one) {
            return one.photo ? make_.object("messageActionChatEditPhoto",
                                            {{"photo", profile_photo(*one.photo)}})
                             : make_.object("messageActionChatDeletePhoto", {});
          },
          [&](const ChatJoinedByLink& one) {
            need(one.inviter);
            return make_.object("messageActionChatJoinedByLink",
                                {{"inviter_id", Value::integer(one.inviter.value())}});
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

Value Renderer::message(const BoxMessage& message, bool waits) {
  const auto& post = *message.post;
  const auto* channel =
      message.peer.is_channel() ? world_.channels.find(message.peer.channel()) : nullptr;
  const bool broadcast = channel != nullptr && channel->broadcast;
  const bool own = channel != nullptr ? post.from == viewer_ : message.out;
  // What somebody keeps for themselves is neither incoming nor outgoing.
  const bool saved = message.peer == PeerKey::of(viewer_);
  Fields out(make_, post.is_service() ? "messageService" : "message");
  out.flag("out", own && (!saved || waits))
      .flag("mentioned", mentioned(message))
      .flag("post", broadcast)
      .flag("silent", post.silent)
      .flag("pinned", message.pinned && !post.is_service())
      .flag("from_scheduled", post.from_schedule)
      .flag("noforwards", post.noforwards && !post.is_service())
      .number("id", message.id);
  // In a private chat the author is told only where it is not the peer; a channel is its own author.
  if (!broadcast) need(post.from);
  const bool with_author = !message.peer.is_user() || message.out;
  if (with_author && !broadcast) out.set("from_id", peer(PeerKey::of(post.from)));
  out.set("peer_id", peer(message.peer));
  if (saved) {
    out.set("saved_peer_id", peer(kept_under(post, viewer_)));
  }
  if (message.reply_to != 0) {
    out.set("reply_to", make_.object("messageReplyHeader",
                                     {{"reply_to_msg_id", Value::integer(message.reply_to)}}));
  }
  out.number("date", post.date);
  if (post.is_service()) return out.set("action", service_action(post.action)).done();

  if (post.forward) {
    out.set("fwd_from", forward(*post.forward));
  }
  out.text("message", post.text);
  if (post.media.index() != 0) out.set("media", media(post.media));
  if (post.keyboard) out.set("reply_markup", keyboard(*post.keyboard));
  if (!post.entities.empty()) {
    for (const auto& entity : post.entities) {
      if (entity.kind == Entity::Kind::mention_name) need(UserId(entity.id));
    }
    out.set("entities", entities(post.entities));
  }
  if (broadcast) {
    out.number("views", static_cast<std::int64_t>(post.viewers.size()))
        .number("forwards", post.forwards);
  }
  if (post.edit_date != 0) out.number("edit_date", post.edit_date);
  if (!post.reactions.empty()) out.set("reactions", reactions(post));
  return out.done();
}

Value Renderer::forward(const Forward& forward) {
  Fields out(make_, "messageFwdHeader");
  out.set("from_id", peer(forward.from)).number("date", forward.date);
  if (forward.post != 0) out.number("channel_post", forward.post);
  if (const auto& saved = forward.saved) {
    out.flag("saved_out", saved->out)
        .set("saved_from_peer", peer(saved->peer))
        .number("saved_from_msg_id", saved->id);
    if (saved->sender)
      out.set("saved_from_id", peer(*saved->sender)).number("saved_date", saved->date);
  }
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
