// What people do with Telegram, with words for it that its scheme has not, by namespace. The number
// says how much more usual a method is than the one that nobody has heard of.
const LINES = `
messages.
sendMessage 3 write text post say dm reply schedule friend chat bold link silent quote channel
sendMedia 3 photo picture video file document sticker gif voice audio location create poll contact attachment dice friend music song pdf roll card selfie live spoiler animation anonymous quiz caption images
getHistory 3 read chat channel group messages conversation past log latest recent newest last export scrape download backup older earlier previous
getDialogs 3 list chats conversations inbox recent groups channels unread
search 2 find messages chat pinned text
searchGlobal 1 find messages everywhere globally
forwardMessages 2 share copy several another
editMessage 2 change correct text fix typo sent close stop poll live location caption
deleteMessages 2 remove unsend everyone
sendReaction 2 react emoji like heart thumbs up remove
getMessageReactionsList 1 who reacted
getReplies 1 comments post thread
getMessagesViews 1 count counter
readHistory 2 mark seen
updatePinnedMessage 2 unpin post
createChat 2 new group make friends start
getFullChat 2 group info members participants who
addChatUser 1 invite member group
deleteChatUser 1 kick remove member leave group
editChatAdmin 1 make promote administrator
importChatInvite 2 join group channel link
checkChatInvite 1 look inside link
exportChatInvite 1 create link generate
editChatTitle 1 rename group name
editChatPhoto 1 group picture avatar set change logo
deleteHistory 1 clear chat conversation
getCommonChats 1 groups shared
sendMultiMedia 1 album several photos
uploadMedia 1 file
setTyping 1 indicator show recording
saveDraft 1
getMessages 1 id
getScheduledHistory 2 list planned
getUnreadMentions 1
getMessageReadParticipants 2 who seen receipts
getOutboxReadDate 1 message seen receipt
translateText 1 message
getBotCallbackAnswer 1 press click inline button keyboard
startBot 1
sendVote 2 poll
getAllStickers 2 sets packs list installed
getDialogFilters 2 list folders tabs chat
editChatDefaultBannedRights 1 group permissions send
editChatAbout 1 group channel description
deleteChat 1 remove group destroy
migrateChat 1 convert upgrade turn group supergroup
getExportedChatInvites 1 list links
getChatInviteImporters 1 join requests pending
hideChatJoinRequest 1 approve accept decline
setHistoryTTL 1 auto delete timer disappearing self destruct messages
toggleDialogPin 1 unpin chat conversation top
unpinAllMessages 1
toggleNoForwards 1 protect content forbid saving copying
getInlineBotResults 1 query use
setInlineBotResults 1 answer query
setBotCallbackAnswer 1 query button press
getWebPagePreview 1 link
transcribeAudio 1 voice message text speech
installStickerSet 1 add pack
reportSpam 1 abuse
getForumTopics 1 list threads
requestWebView 1 open mini app
editExportedChatInvite 1 revoke change link
deleteExportedChatInvite remove link
sendScheduledMessages 1 now
getPollVotes 1 who
getPollResults 1
searchStickers 1
updateDialogFilter 1 create add new edit delete folder
getFavedStickers 1 favorite favourite
faveSticker add favorite favourite
getRecentStickers last used
getStickerSet 1 name
uninstallStickerSet remove pack
saveGif add
getWebPage instant view article
getAllDrafts list
markDialogUnread 1 chat
readMentions mark
getUnreadReactions new
readMessageContents mark voice listened played
getPinnedDialogs list chats
getPeerDialogs one unread count
getChats group info id
createForumTopic 1 new
editForumTopic rename close reopen
deleteTopicHistory remove
editChatCreator 1 transfer ownership give away group channel new owner
setChatTheme change colors
setChatWallPaper background
setChatAvailableReactions allow choose
setDefaultReaction quick
getAvailableReactions 1 list possible
getTopReactions popular
report 1 illegal content
getSavedHistory messages
getSavedDialogs messages
searchSentMedia files
getSearchCounters many photos videos files links chat
getSearchResultsCalendar date day
sendInlineBotResult 1 via
setGameScore points
getGameHighScores leaderboard
requestEncryption 1 start secret chat
sendEncrypted message secret chat
discardEncryption end close secret chat
sendScreenshotNotification tell took
getOnlines many members now
toggleTodoCompleted check tick task list checklist
appendTodoList add task checklist
summarizeText summary tldr
getQuickReplies shortcuts canned
getAvailableEffects message animation
getDhConfig diffie hellman secret chat
clearAllDrafts delete
deletePhoneCallHistory clear
getFeaturedStickers trending popular packs
searchStickerSets find packs
getArchivedStickers hidden packs
getCustomEmojiDocuments id
getExtendedMedia paid bought
getDocumentByHash file sha256
getRecentLocations live positions chat
requestAppWebView open mini
getBotApp mini info
getAttachMenuBots list
getStickers emoji
users.
getUsers 2 myself self own account whoami id logged who
getFullUser 2 bio about profile info birthday
contacts.
resolveUsername 2 find user handle lookup id
getContacts 2 address book friends
addContact 2 new save phone number
importContacts 1 phone numbers address book
deleteContacts 1 remove
block 2 ban blacklist user ignore stop writing
unblock 1 unban
getBlocked 2 blacklist who users
search 1 find user people group name
resolvePhone 1 find user number telegram registered
getStatuses 1 online last seen user who
getTopPeers 1 frequent most used people chats
getLocated 1 people nearby around
getBirthdays whose today
editCloseFriends list choose
exportContactToken link qr
deleteByPhones remove numbers
blockFromReplies commenter
updateContactNote remark
channels.
deleteMessages 1 remove
readHistory 1 mark seen
createChannel 2 new supergroup group make start
getParticipants 2 members list who group subscribers followers admins bots many number count users people export scrape
getFullChannel 1 info members subscribers followers number count many online about description
inviteToChannel 1 add member
editBanned 2 kick restrict mute member unban remove permissions user silence allow
editAdmin 1 make promote administrator demote give rights remove
joinChannel 2 enter subscribe
leaveChannel 2 quit group unsubscribe
editTitle 1 rename group name channel
editPhoto 1 group picture avatar channel
getAdminLog 1 recent actions
deleteChannel 1 remove group supergroup destroy
toggleSlowMode 1 limit often members write
updateUsername 1 public link group channel
getMessages 1 id channel
getParticipant 1 user group member status joined
deleteParticipantHistory 1 messages user group
setDiscussionGroup 1 link enable comments chat
getChannels 1 info id
exportMessageLink 1 share permalink url
getSendAs post channel anonymous
getLeftChannels list
getAdminedPublicChannels own
getInactiveChannels unused
getChannelRecommendations similar like
searchPosts find hashtag public
toggleForum 1 enable turn topics
togglePreHistoryHidden show new members
toggleSignatures author sign posts
toggleJoinRequest approve new members
toggleParticipantsHidden hide members list
toggleAntiSpam protection
convertToGigagroup broadcast unlimited members
setStickers group
editLocation geo group address
deleteHistory clear
reportSpam abuse
account.
updateProfile 2 edit change name bio about
updateUsername 1
checkUsername 1 free available taken
updateStatus 1 online offline
updateNotifySettings 1 mute unmute notifications chat disable enable turn off sound silence group
getAuthorizations 1 active sessions devices signin login
resetAuthorization 1 end terminate session signout other device kill close
getPassword 1 two step verification 2fa enabled
updatePasswordSettings 1 two step verification 2fa change turn off enable disable
getPrivacy 1 settings
setPrivacy 1 hide change last seen online phone number who
deleteAccount 1
changePhone 1 new number
sendChangePhoneCode 1 number
updateBirthday 1 set
resetPassword forgot lost
reportPeer 1 user scam fake
getNotifySettings chat muted
getAccountTTL self destruct away inactive
setAccountTTL self destruct away inactive
initTakeoutSession 1 export data backup
getWebAuthorizations connected websites signin
resetWebAuthorization signout website
registerDevice push notifications token
updateEmojiStatus set premium badge
updateColor name profile colour
setAuthorizationTTL long sessions stay inactive
sendVerifyEmailCode set change login e-mail address
verifyEmail confirm e-mail address code
saveMusic add song profile
updatePersonalChannel profile
getThemes list colors
getWallPapers backgrounds list
updateBusinessWorkHours opening shop
updateBusinessAwayMessage auto reply absent vacation
updateBusinessGreetingMessage welcome auto
getContactSignUpNotification joined telegram
getPasskeys list
photos.
uploadProfilePhoto 2 set picture avatar change new
updateProfilePhoto 1 set picture avatar
getUserPhotos 1 profile pictures avatars
deletePhotos 1 remove profile picture avatar
uploadContactProfilePhoto set picture friend suggest
upload.
getFile 2 download photo video save avatar disk media document attachment message
saveFilePart 1 upload
saveBigFilePart 1 upload large
getWebFile download url map
getCdnFile download
auth.
logOut 2
sendCode 2 signin phone request sms
signIn 2 code confirm enter
exportLoginToken 1 qr code
importBotAuthorization 1 signin token
resetAuthorizations 1 end kill terminate sessions other devices signout every log
checkPassword 1 enter two step 2fa
signUp 1 register new account
resendCode 1 again sms
requestPasswordRecovery 1 forgot forgotten lost reset email
recoverPassword forgot code
updates.
getDifference 2 missed updates new since
getState 1 current server time date
getChannelDifference 1 missed
folders.
editPeerFolders 1 archive unarchive chat move
help.
getConfig 2 server data centers dc time date limits message length
getNearestDc 1 server data center
getAppConfig 1 limits settings
getCountriesList 1 phone codes prefix
getTimezonesList time zone
getSupport contact telegram help
getDeepLinkInfo t.me tg url
getAppUpdate new version
getTermsOfServiceUpdate tos
getUserInfo support note
bots.
setBotCommands 1 menu
setBotInfo 1 description name about
createBot new make
exportBotToken get api key
getPopularAppBots mini apps
canSendMessage may write
stories.
sendStory 1 post
getAllStories 1 friends feed
getPeerStories 1 see watch user friend view
readStories mark seen view
deleteStories 1 remove
getStoryViewsList who saw watched
sendReaction like react
editStory change caption
getStoriesArchive old past
exportStoryLink share
canSendStory may post
phone.
requestCall 1 start make voice video
createGroupCall 1 start voice video chat
discardCall hang up end stop
acceptCall answer incoming
joinGroupCall 1 voice video chat enter
leaveGroupCall voice video chat quit
getGroupParticipants who voice video chat call
getGroupCallStreamRtmpUrl live broadcast obs
payments.
getStarsStatus 1 balance many
getStarsTopupOptions buy
sendStarsForm pay buy
getStarsTransactions history
getPaymentForm pay invoice
sendPaymentForm pay invoice
exportInvoice create link
getSavedStarGifts received
getStarGifts buy list available
stats.
getBroadcastStats 1 channel statistics analytics growth
getMegagroupStats group statistics analytics
getMessageStats post views statistics
stickers.
createStickerSet 1 make new pack
premium.
applyBoost give
getBoostsStatus level many`;

export const everyday = new Map();
let space = '';
for (const line of LINES.trim().split('\n')) {
  const [name, ...words] = line.split(' ');
  if (name.endsWith('.')) space = name;
  else {
    const weight = Number(words[0]) || 0;
    everyday.set(space + name, { weight, words: words.slice(weight ? 1 : 0).join(' ') });
  }
}
