// What is done with messages that are there: edit, delete, read; and typing.
#include "server/sandbox/methods/keyboard.hpp"
#include "server/sandbox/methods/media.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::int32_t edit_time = 172800;
constexpr std::size_t deleted_at_once = 1000;

Value affected(Call& call, World::Affected what) {
  return call.make.object(
      "messages.affectedMessages",
      {{"pts", Value::integer(what.pts)}, {"pts_count", Value::integer(what.pts_count)}});
}

// Its author, and in a channel whoever may edit the posts of others.
bool may_edit(const Call& call, const BoxMessage& message) {
  if (message.post->from == call.user()) return true;
  const auto* channel =
      message.peer.is_channel() ? call.world.channels.find(message.peer.channel()) : nullptr;
  return channel != nullptr && channel->broadcast &&
         channel->may(call.user(), admin_right::edit_messages);
}

// All that can be done to a poll: no more votes.
Outcome<void> close_poll(const Call& call, Poll& poll) {
  const auto& given = call.args["media"]["poll"];
  if (given["id"].as_int64() != poll.id || !given["closed"].as_bool()) {
    return bad_request("MEDIA_PREV_INVALID");
  }
  if (poll.over(call.world.date())) return bad_request("MESSAGE_NOT_MODIFIED");
  poll.closed = true;
  return {};
}

Answer edit_message(Call& call) {
  // One that still waits is meant: it has an id of its own.
  if (call.has("schedule_date") || call.has("schedule_repeat_period")) return not_played();
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto found = call.message(*peer, call.number32("id"));
  if (!found) return found.error();
  const auto* message = *found;
  if (message->post->is_service()) return bad_request("MESSAGE_ID_INVALID");
  const auto post = message->post;
  if (post->forward || !may_edit(call, *message)) return RpcError{403, "MESSAGE_AUTHOR_REQUIRED"};
  if (const auto open = call.writable(call.args["peer"]); !open) return open.error();
  const bool saved = *peer == PeerKey::of(call.user());
  if (!saved && call.world.date() - post->date > edit_time) {
    return bad_request("MESSAGE_EDIT_TIME_EXPIRED");
  }
  Formatted text{post->text, post->entities};
  if (call.has("message")) {
    if (!is_utf8(call.text("message"))) return bad_request("INPUT_FETCH_ERROR");
    auto entities = call.entities(call.args["entities"]);
    if (!entities) return entities.error();
    text = tidy(call.text("message"), std::move(*entities));
  }
  auto keyboard = keyboard_of(call, call.args["reply_markup"]);
  if (!keyboard) return keyboard.error();
  std::optional<Media> media;
  if (const auto* poll = std::get_if<PollMedia>(&post->media); poll && call.has("media")) {
    if (const auto over = close_poll(call, *poll->poll); !over) return over.error();
    media = *poll;
  } else if (call.has("media")) {
    auto given = media_of(call, call.args["media"]);
    if (!given) return given.error();
    media = std::move(*given);
  }
  const bool has_media = media || post->media.index() != 0;
  if (text.text.empty() && !has_media) return bad_request("MESSAGE_EMPTY");
  if (utf16_length(text.text) > (has_media ? limits::caption : limits::text)) {
    return bad_request(has_media ? "MEDIA_CAPTION_TOO_LONG" : "MESSAGE_TOO_LONG");
  }
  const bool same_keys =
      *keyboard && post->keyboard ? **keyboard == *post->keyboard : *keyboard == post->keyboard;
  if (!media && same_keys && text.text == post->text && text.entities == post->entities) {
    return bad_request("MESSAGE_NOT_MODIFIED");
  }
  call.world.edit(*message, std::move(text), std::move(media), std::move(*keyboard));
  return call.answer_updates();
}

Answer delete_messages(Call& call) {
  std::vector<std::int32_t> ids;
  const bool revoke = call.flag("revoke");
  for (const auto& item : call.args["id"].items()) {
    const auto id = static_cast<std::int32_t>(item.as_int64().value_or(0));
    const auto* message = call.box().find(id);
    if (message == nullptr) continue;
    if (revoke && message->peer.is_chat() && message->post->from != call.user()) {
      const auto* chat = call.world.chats.find(message->peer.chat());
      if (chat == nullptr || !chat->is_admin(call.user())) {
        return RpcError{403, "MESSAGE_DELETE_FORBIDDEN"};
      }
    }
    ids.push_back(id);
  }
  return affected(call, call.world.remove(call.user(), ids, revoke));
}

Answer delete_history(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  if (peer->is_channel()) return bad_request("PEER_ID_INVALID");  // channels.deleteHistory
  std::vector<std::int32_t> ids;
  std::int64_t left = 0;
  if (const auto* dialog = call.box().dialog(*peer)) {
    for (const auto id : dialog->ids) {
      if (call.number("max_id") > 0 && id > call.number("max_id")) break;
      if (ids.size() < deleted_at_once) {
        ids.push_back(id);
      } else {
        ++left;
      }
    }
  }
  const bool revoke = call.flag("revoke") && peer->is_user();
  const auto what = call.world.remove(call.user(), ids, revoke);
  const auto* dialog = std::as_const(call.box()).dialog(*peer);
  if (dialog != nullptr && dialog->ids.empty() && !call.flag("just_clear")) {
    call.box().close_dialog(*peer);
  }
  return call.make.object("messages.affectedHistory",
                          {{"pts", Value::integer(what.pts)},
                           {"pts_count", Value::integer(what.pts_count)},
                           {"offset", Value::integer(left)}});
}

Answer read_history(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  if (peer->is_channel()) return bad_request("PEER_ID_INVALID");  // channels.readHistory
  return affected(call, call.world.read(call.user(), *peer, call.number32("max_id")));
}

Answer read_contents(Call& call) { return affected(call, {call.box().pts(), 0}); }

Answer received_messages(Call& call) { return call.make.array(std::span<const Value>{}); }

Answer set_typing(Call& call) {
  const auto peer = call.writable(call.args["peer"]);
  if (!peer) return peer.error();
  const auto& action = call.args["action"];
  // Those that carry more than a progress are between two applications, not for a sandbox.
  const auto fields = action.members().size();
  std::optional<std::int32_t> progress;
  if (const auto given = action["progress"].as_int64()) {
    progress = static_cast<std::int32_t>(*given);
  }
  if (fields == (progress ? 2U : 1U)) {
    call.world.type(call.user(), *peer, std::string(action.constructor()), progress);
  }
  return yes();
}

bool may_pin(const Call& call, PeerKey peer) {
  if (!peer.is_channel()) return true;
  const auto& channel = *call.world.channels.find(peer.channel());
  if (channel.broadcast) return channel.may(call.user(), admin_right::edit_messages);
  return channel.may(call.user(), admin_right::pin_messages) ||
         (channel.has(call.user()) && !channel.is_admin(call.user()) &&
          !channel.barred(call.user(), ban_right::pin_messages, call.world.date()));
}

Answer update_pinned(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  const auto id = call.number32("id");
  const auto found = call.message(*peer, id);
  if (!found) return found.error();
  const auto* message = *found;
  if (message->post->is_service()) return bad_request("MESSAGE_ID_INVALID");
  if (!may_pin(call, *peer)) return bad_request("CHAT_ADMIN_REQUIRED");
  const bool unpin = call.flag("unpin");
  const bool one_side = peer->is_user() && call.flag("pm_oneside");
  if (!call.world.pin(call.user(), *message, !unpin, one_side)) {
    return bad_request("CHAT_NOT_MODIFIED");
  }
  // A channel's pins are not told of in it.
  const auto* channel = peer->is_channel() ? call.world.channels.find(peer->channel()) : nullptr;
  if (!unpin && !one_side && (channel == nullptr || !channel->broadcast)) {
    Draft told;
    told.action = MessagePinned{};
    told.reply_to = id;
    told.silent = call.flag("silent");
    call.world.send(call.user(), *peer, std::move(told));
  }
  return call.answer_updates();
}

Answer unpin_all(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  if (!may_pin(call, *peer)) return bad_request("CHAT_ADMIN_REQUIRED");
  std::int32_t count = 0;
  for (const auto id : call.world.ids_of(call.user(), *peer)) {
    const auto* message = call.world.message(call.user(), *peer, id);
    if (message != nullptr && message->pinned) {
      count += call.world.pin(call.user(), *message, false, false) ? 1 : 0;
    }
  }
  const auto* box = call.world.box_of(call.user(), *peer);
  const auto pts = box != nullptr ? box->pts() : 1;
  return call.make.object("messages.affectedHistory", {{"pts", Value::integer(pts)},
                                                       {"pts_count", Value::integer(count)},
                                                       {"offset", Value::integer(0)}});
}

}  // namespace

std::span<const Method> change_methods() {
  static constexpr Method methods[] = {
      {"messages.editMessage", Needs::somebody, edit_message},
      {"messages.deleteMessages", Needs::somebody, delete_messages},
      {"messages.deleteHistory", Needs::somebody, delete_history},
      {"messages.readHistory", Needs::somebody, read_history},
      {"messages.readMessageContents", Needs::somebody, read_contents},
      {"messages.receivedMessages", Needs::somebody, received_messages},
      {"messages.updatePinnedMessage", Needs::somebody, update_pinned},
      {"messages.unpinAllMessages", Needs::somebody, unpin_all},
      {"messages.setTyping", Needs::somebody, set_typing},
  };
  return methods;
}

}  // namespace server::sandbox
