// The world as one account sees it, as TL values in the newest layer's words (layers.hpp takes
// away what an older one lacks). It remembers whom it mentioned, for the `users` and `chats`
// of an answer.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "server/sandbox/world/world.hpp"
#include "tl/value.hpp"

namespace server::sandbox {

class Renderer {
 public:
  Renderer(const World& world, UserId viewer, const tl::Builder& make)
      : world_(world), viewer_(viewer), make_(make) {}

  const tl::Builder& make() const { return make_; }

  // --- people and groups ---
  tl::Value peer(PeerKey peer);
  tl::Value user(UserId id) const;
  tl::Value status(const User& user) const;
  tl::Value full_user(UserId id);
  tl::Value bot_info(const User& bot) const;
  tl::Value chat(ChatId id) const;
  tl::Value channel(ChannelId id) const;
  tl::Value full_channel(ChannelId id);
  tl::Value participant(const Channel& channel, UserId user);
  tl::Value chat_of(PeerKey peer) const;  // a group or a channel
  tl::Value participants(ChatId id);
  tl::Value full_chat(ChatId id);
  tl::Value notify_settings(const Notify* notify) const;
  tl::Value peer_settings() const;
  tl::Value privacy_rules(const User& user, const std::string& key);
  tl::Value chat_photo(const FilePtr& photo) const;  // none: without one
  tl::Value invite(const Invite& invite);

  // --- messages ---
  // One that waits for its time was not kept yet: it is outgoing, whoever it is for.
  tl::Value message(const BoxMessage& message, bool waits = false);
  bool mentioned(const BoxMessage& message) const;
  tl::Value forward(const Forward& forward);
  tl::Value entities(std::span<const Entity> entities) const;
  tl::Value media(const Media& media);
  tl::Value photo(const File& file) const;
  // Of a user or a group: the same picture under the names of the sizes that clients look for.
  tl::Value profile_photo(const File& file) const;
  tl::Value document(const File& file) const;
  tl::Value reactions(const Post& post);
  tl::Value reaction(const Reaction& reaction);
  tl::Value poll(const Poll& poll) const;
  tl::Value poll_results(const Poll& poll) const;
  tl::Value keyboard(const Keyboard& keyboard) const;
  tl::Value folder(const Folder& folder) const;
  tl::Value input_peer(PeerKey peer) const;
  std::vector<tl::Value> commands(const std::vector<BotCommand>& commands) const;
  tl::Value callback_answer(const CallbackAnswer& answer) const;
  tl::Value dialog(const Dialog& dialog);
  tl::Value draft(const Dialog& dialog) const;

  // --- updates ---
  // Null where it is of no meaning any more (a new message that was deleted since).
  tl::Value update(const Logged& logged);
  // {"_cons":"updates"}: `first` stand in front.
  tl::Value updates(std::span<const Logged> events, std::span<const tl::Value> first = {});
  tl::Value state() const;

  // --- who was mentioned ---
  void need(UserId user);
  void need(ChatId chat) { need_chat(PeerKey::of(chat)); }
  void need(ChannelId channel) { need_chat(PeerKey::of(channel)); }
  tl::Value users() const;
  tl::Value chats() const;

 private:
  void need_chat(PeerKey peer);
  tl::Value button(const Button& button) const;
  tl::Value with_entities(const Formatted& text) const;
  tl::Value callback_asked(const CallbackQuery& query);
  std::vector<tl::Value> names(const std::string& username) const;
  tl::Value channel_update(const Logged& logged, const Channel& channel);
  std::int32_t newest_pinned(PeerKey peer) const;  // 0: none is pinned
  tl::Value service_action(const Action& action);
  tl::Value attributes(const File& file) const;
  tl::Value photo_of_sizes(const File& file, std::initializer_list<std::string_view> types) const;

  const World& world_;
  UserId viewer_;
  const tl::Builder& make_;
  std::vector<UserId> users_;
  std::vector<PeerKey> chats_;
};

}  // namespace server::sandbox
