// What applications ask for at every start and this world has none of: answered with an empty
// value of the result's type, in the layer of who asks.
#include "server/sandbox/nothing.hpp"
#include "server/sandbox/methods/call.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

Answer none(Call& call) {
  if (const auto value = nothing_of(call.schema, call.result, call.make)) return *value;
  return not_played();
}

Answer no_updates(Call& call) { return call.renderer().updates({}); }

Answer reactions_notify_settings(Call& call) {
  return call.make.object("reactionsNotifySettings",
                          {{"sound", call.make.object("notificationSoundDefault", {})},
                           {"show_previews", Value::boolean(true)}});
}

// Nobody has told any; whose they are is said all the same.
Answer peer_stories(Call& call) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  auto render = call.renderer();
  const auto stories =
      call.make.object("peerStories", {{"peer", render.peer(*peer)}, {"stories", nothing(call)}});
  return call.make.object(
      "stories.peerStories",
      {{"stories", stories}, {"chats", render.chats()}, {"users", render.users()}});
}

Answer paid_reaction_privacy(Call& call) {
  const Value first[] = {
      call.make.object("updatePaidReactionPrivacy",
                       {{"private", call.make.object("paidReactionPrivacyDefault", {})}})};
  return call.renderer().updates({}, first);
}

}  // namespace

std::span<const Method> nothing_methods() {
  static constexpr Method methods[] = {
      {"account.getAutoSaveSettings", Needs::somebody, none},
      {"account.getChannelDefaultEmojiStatuses", Needs::somebody, none},
      {"account.getChannelRestrictedStatusEmojis", Needs::somebody, none},
      {"account.getChatThemes", Needs::somebody, none},
      {"account.getCollectibleEmojiStatuses", Needs::somebody, none},
      {"account.getContactSignUpNotification", Needs::somebody, none},
      {"account.getDefaultBackgroundEmojis", Needs::somebody, none},
      {"account.getDefaultEmojiStatuses", Needs::somebody, none},
      {"account.getDefaultGroupPhotoEmojis", Needs::somebody, none},
      {"account.getDefaultProfilePhotoEmojis", Needs::somebody, none},
      {"account.getNotifyExceptions", Needs::somebody, no_updates},
      {"account.getReactionsNotifySettings", Needs::somebody, reactions_notify_settings},
      {"account.getRecentEmojiStatuses", Needs::somebody, none},
      {"account.getSavedMusicIds", Needs::somebody, none},
      {"account.getSavedRingtones", Needs::somebody, none},
      {"account.getThemes", Needs::somebody, none},
      {"account.getWallPapers", Needs::somebody, none},
      {"account.getWebAuthorizations", Needs::somebody, none},
      {"account.getWebBrowserSettings", Needs::somebody, none},
      {"aicompose.getTones", Needs::somebody, none},
      {"contacts.getBirthdays", Needs::somebody, none},
      {"contacts.getSaved", Needs::somebody, none},
      {"help.getPremiumPromo", Needs::somebody, none},
      {"help.getRecentMeUrls", Needs::somebody, none},
      {"messages.getArchivedStickers", Needs::somebody, none},
      {"messages.getAttachMenuBots", Needs::somebody, none},
      {"messages.getAvailableEffects", Needs::somebody, none},
      {"messages.getCustomEmojiDocuments", Needs::somebody, none},
      {"messages.getDefaultTagReactions", Needs::somebody, none},
      {"messages.getEmojiGroups", Needs::somebody, none},
      {"messages.getEmojiKeywordsLanguages", Needs::somebody, none},
      {"messages.getEmojiProfilePhotoGroups", Needs::somebody, none},
      {"messages.getEmojiStatusGroups", Needs::somebody, none},
      {"messages.getEmojiStickerGroups", Needs::somebody, none},
      {"messages.getEmojiStickers", Needs::somebody, none},
      {"messages.getFavedStickers", Needs::somebody, none},
      {"messages.getFeaturedEmojiStickers", Needs::somebody, none},
      {"messages.getFeaturedStickers", Needs::somebody, none},
      {"messages.getMaskStickers", Needs::somebody, none},
      {"messages.getOldFeaturedStickers", Needs::somebody, none},
      {"messages.getPaidReactionPrivacy", Needs::somebody, paid_reaction_privacy},
      {"messages.getPinnedSavedDialogs", Needs::somebody, none},
      {"messages.getQuickReplies", Needs::somebody, none},
      {"messages.getRecentReactions", Needs::somebody, none},
      {"messages.getRecentStickers", Needs::somebody, none},
      {"messages.getSavedDialogs", Needs::somebody, none},
      {"messages.getSavedGifs", Needs::somebody, none},
      {"messages.getSavedReactionTags", Needs::somebody, none},
      {"messages.getSuggestedDialogFilters", Needs::somebody, none},
      {"messages.getUnreadMentions", Needs::somebody, none},
      {"messages.getUnreadReactions", Needs::somebody, none},
      // No page of the web is known here.
      {"messages.getWebPagePreview", Needs::somebody, none},
      {"payments.getStarsTransactions", Needs::somebody, none},
      {"stories.getAllReadPeerStories", Needs::somebody, no_updates},
      {"stories.getAllStories", Needs::somebody, none},
      {"stories.getPeerStories", Needs::somebody, peer_stories},
      {"stories.getPinnedStories", Needs::somebody, none},
      {"stories.getStoriesArchive", Needs::somebody, none},
  };
  return methods;
}

}  // namespace server::sandbox
