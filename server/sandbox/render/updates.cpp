// Renderer: events as updates.
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

Value Renderer::update(const Logged& logged) {
  const auto* box = world_.find_box(viewer_);
  if (logged.channel != ChannelId{}) {
    const auto* channel = world_.channels.find(logged.channel);
    return channel != nullptr ? channel_update(logged, *channel) : Value{};
  }
  const auto with_message = [&](std::string_view name, std::int32_t id) {
    const auto* found = box != nullptr ? box->find(id) : nullptr;
    if (found == nullptr) return Value{};
    return make_.object(name, {{"message", message(*found)},
                               {"pts", Value::integer(logged.pts)},
                               {"pts_count", Value::integer(logged.pts_count)}});
  };
  if (const auto* added = std::get_if<NewMessage>(&logged.event)) {
    return with_message("updateNewMessage", added->id);
  }
  if (const auto* edited = std::get_if<EditedMessage>(&logged.event)) {
    return with_message("updateEditMessage", edited->id);
  }
  if (const auto* deleted = std::get_if<DeletedMessages>(&logged.event)) {
    std::vector<Value> ids;
    for (const auto id : deleted->ids) ids.push_back(Value::integer(id));
    return make_.object("updateDeleteMessages", {{"messages", make_.array(ids)},
                                                 {"pts", Value::integer(logged.pts)},
                                                 {"pts_count", Value::integer(logged.pts_count)}});
  }
  if (const auto* in = std::get_if<ReadInbox>(&logged.event)) {
    return make_.object("updateReadHistoryInbox",
                        {{"peer", peer(in->peer)},
                         {"max_id", Value::integer(in->max_id)},
                         {"still_unread_count", Value::integer(in->still_unread)},
                         {"pts", Value::integer(logged.pts)},
                         {"pts_count", Value::integer(logged.pts_count)}});
  }
  if (const auto* out = std::get_if<ReadOutbox>(&logged.event)) {
    return make_.object("updateReadHistoryOutbox",
                        {{"peer", peer(out->peer)},
                         {"max_id", Value::integer(out->max_id)},
                         {"pts", Value::integer(logged.pts)},
                         {"pts_count", Value::integer(logged.pts_count)}});
  }
  if (const auto* pins = std::get_if<PinnedMessages>(&logged.event)) {
    std::vector<Value> ids;
    for (const auto id : pins->ids) ids.push_back(Value::integer(id));
    return make_.object("updatePinnedMessages", {{"pinned", Value::boolean(pins->pinned)},
                                                 {"peer", peer(pins->peer)},
                                                 {"messages", make_.array(ids)},
                                                 {"pts", Value::integer(logged.pts)},
                                                 {"pts_count", Value::integer(logged.pts_count)}});
  }
  if (const auto* typing = std::get_if<Typing>(&logged.event)) {
    // A copy: the event is gone before the value is encoded.
    Fields action(make_, make_.string(typing->action).text());
    if (typing->progress) action.number("progress", *typing->progress);
    if (typing->peer.is_user()) {
      need(typing->user);
      return make_.object("updateUserTyping", {{"user_id", Value::integer(typing->user.value())},
                                               {"action", action.done()}});
    }
    need_chat(typing->peer);
    if (typing->peer.is_channel()) {
      return make_.object("updateChannelUserTyping",
                          {{"channel_id", Value::integer(typing->peer.id)},
                           {"from_id", peer(PeerKey::of(typing->user))},
                           {"action", action.done()}});
    }
    return make_.object("updateChatUserTyping", {{"chat_id", Value::integer(typing->peer.id)},
                                                 {"from_id", peer(PeerKey::of(typing->user))},
                                                 {"action", action.done()}});
  }
  if (const auto* changed = std::get_if<StatusChanged>(&logged.event)) {
    const auto* user = world_.accounts.find(changed->user);
    if (user == nullptr) return {};
    need(user->id);
    return make_.object("updateUserStatus",
                        {{"user_id", Value::integer(user->id.value())}, {"status", status(*user)}});
  }
  if (const auto* renamed = std::get_if<NameChanged>(&logged.event)) {
    const auto* user = world_.accounts.find(renamed->user);
    if (user == nullptr) return {};
    need(user->id);
    return make_.object("updateUserName", {{"user_id", Value::integer(user->id.value())},
                                           {"first_name", make_.string(user->first_name)},
                                           {"last_name", make_.string(user->last_name)},
                                           {"usernames", make_.array(names(user->username))}});
  }
  if (const auto* there = std::get_if<ParticipantsChanged>(&logged.event)) {
    return make_.object("updateChatParticipants", {{"participants", participants(there->chat)}});
  }
  if (const auto* notify = std::get_if<NotifyChanged>(&logged.event)) {
    const auto* dialog = box != nullptr ? box->dialog(notify->peer) : nullptr;
    return make_.object(
        "updateNotifySettings",
        {{"peer", make_.object("notifyPeer", {{"peer", peer(notify->peer)}})},
         {"notify_settings", notify_settings(dialog != nullptr ? &dialog->notify : nullptr)}});
  }
  if (const auto* user = std::get_if<UserChanged>(&logged.event)) {
    need(user->user);
    return make_.object("updateUser", {{"user_id", Value::integer(user->user.value())}});
  }
  if (const auto* blocked = std::get_if<BlockChanged>(&logged.event)) {
    return Fields(make_, "updatePeerBlocked")
        .flag("blocked", world_.accounts.blocks(viewer_, blocked->user))
        .set("peer_id", peer(PeerKey::of(blocked->user)))
        .done();
  }
  if (const auto* rules = std::get_if<PrivacyChanged>(&logged.event)) {
    return Fields(make_, "updatePrivacy")
        .set("key", make_.object(make_.string(rules->key).text(), {}))
        .set("rules", privacy_rules(*world_.accounts.find(viewer_), rules->key))
        .done();
  }
  if (const auto* mark = std::get_if<MarkChanged>(&logged.event)) {
    const auto* dialog = box != nullptr ? box->dialog(mark->peer) : nullptr;
    return make_.object("updateDialogUnreadMark",
                        {{"unread", Value::boolean(dialog != nullptr && dialog->marked)},
                         {"peer", make_.object("dialogPeer", {{"peer", peer(mark->peer)}})}});
  }
  if (const auto* reacted = std::get_if<ReactionsChanged>(&logged.event)) {
    const auto* found = box != nullptr ? box->find(reacted->id) : nullptr;
    if (found == nullptr) return {};
    return make_.object("updateMessageReactions", {{"peer", peer(found->peer)},
                                                   {"msg_id", Value::integer(found->id)},
                                                   {"reactions", reactions(*found->post)}});
  }
  if (const auto* voted = std::get_if<PollChanged>(&logged.event)) {
    return make_.object("updateMessagePoll", {{"poll_id", Value::integer(voted->poll->id)},
                                              {"poll", poll(*voted->poll)},
                                              {"results", poll_results(*voted->poll)}});
  }
  if (const auto* asked = std::get_if<CallbackAsked>(&logged.event)) {
    const auto* query = world_.callbacks.find(asked->query);
    return query != nullptr ? callback_asked(*query) : Value{};
  }
  if (const auto* changed = std::get_if<CommandsChanged>(&logged.event)) {
    const auto* bot = world_.accounts.find(changed->bot);
    const auto found = bot->commands.find("");
    const std::vector<BotCommand> none;
    return make_.object(
        "updateBotCommands",
        {{"peer", peer(PeerKey::of(bot->id))},
         {"bot_id", Value::integer(bot->id.value())},
         {"commands", make_.array(commands(found != bot->commands.end() ? found->second : none))}});
  }
  if (const auto* added = std::get_if<ScheduledAdded>(&logged.event)) {
    const auto* one = world_.scheduled.find(viewer_, added->peer, added->id);
    if (one == nullptr) return {};
    return make_.object("updateNewScheduledMessage", {{"message", message(one->message, true)}});
  }
  if (const auto* gone = std::get_if<ScheduledGone>(&logged.event)) {
    const auto numbers = [&](const std::vector<std::int32_t>& ids) {
      std::vector<Value> out;
      for (const auto id : ids) out.push_back(Value::integer(id));
      return make_.array(out);
    };
    Fields out(make_, "updateDeleteScheduledMessages");
    out.set("peer", peer(gone->peer)).set("messages", numbers(gone->ids));
    if (!gone->sent.empty()) out.set("sent_messages", numbers(gone->sent));
    return out.done();
  }
  if (const auto* changed = std::get_if<FolderChanged>(&logged.event)) {
    Fields out(make_, "updateDialogFilter");
    out.number("id", changed->id);
    for (const auto& one : world_.accounts.find(viewer_)->folders) {
      if (one.id == changed->id) out.set("filter", folder(one));
    }
    return out.done();
  }
  if (std::holds_alternative<FoldersOrdered>(logged.event)) {
    // That of all dialogs stands in front.
    std::vector<Value> order{Value::integer(0)};
    for (const auto& one : world_.accounts.find(viewer_)->folders) {
      order.push_back(Value::integer(one.id));
    }
    return make_.object("updateDialogFilterOrder", {{"order", make_.array(order)}});
  }
  if (const auto* changed = std::get_if<ChannelChanged>(&logged.event)) {
    need(changed->channel);
    return make_.object("updateChannel",
                        {{"channel_id", Value::integer(changed->channel.value())}});
  }
  if (const auto* in = std::get_if<ChannelReadInbox>(&logged.event)) {
    const auto peer = PeerKey::of(in->channel);
    const auto* channel = world_.channels.find(in->channel);
    const auto* dialog = box != nullptr ? box->dialog(peer) : nullptr;
    if (channel == nullptr || dialog == nullptr) return {};
    need(in->channel);
    return make_.object("updateReadChannelInbox",
                        {{"channel_id", Value::integer(peer.id)},
                         {"max_id", Value::integer(in->max_id)},
                         {"still_unread_count", Value::integer(world_.unread(viewer_, *dialog))},
                         {"pts", Value::integer(channel->box.pts())}});
  }
  if (const auto* out = std::get_if<ChannelReadOutbox>(&logged.event)) {
    need(out->channel);
    return make_.object("updateReadChannelOutbox",
                        {{"channel_id", Value::integer(out->channel.value())},
                         {"max_id", Value::integer(out->max_id)}});
  }
  if (const auto* changed = std::get_if<DraftChanged>(&logged.event)) {
    const auto* dialog = box != nullptr ? box->dialog(changed->peer) : nullptr;
    if (dialog == nullptr) return {};
    return make_.object("updateDraftMessage",
                        {{"peer", peer(changed->peer)}, {"draft", draft(*dialog)}});
  }
  return {};
}

Value Renderer::updates(std::span<const Logged> events, std::span<const Value> first) {
  std::vector<Value> list(first.begin(), first.end());
  for (const auto& event : events) {
    const auto one = update(event);
    if (!one.is_null()) list.push_back(one);
  }
  // The users come before the chats on the wire, but rendering either mentions nobody new.
  return make_.object("updates", {{"updates", make_.array(list)},
                                  {"users", users()},
                                  {"chats", chats()},
                                  {"date", Value::integer(world_.date())},
                                  {"seq", Value::integer(0)}});
}

Value Renderer::state() const {
  const auto* box = world_.find_box(viewer_);
  std::int64_t unread = 0;
  if (box != nullptr) {
    for (const auto& [peer, dialog] : box->dialogs()) unread += world_.unread(viewer_, dialog);
  }
  return make_.object("updates.state", {{"pts", Value::integer(box != nullptr ? box->pts() : 1)},
                                        {"qts", Value::integer(0)},
                                        {"date", Value::integer(world_.date())},
                                        {"seq", Value::integer(0)},
                                        {"unread_count", Value::integer(unread)}});
}

}  // namespace server::sandbox
