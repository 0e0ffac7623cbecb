// What most people do with Telegram, with words for it that its scheme has not. The number says how
// much more usual a method is than the one that nobody has heard of.
const LINES = `
messages.sendMessage 3 write text post say dm reply schedule
messages.sendMedia 3 photo picture video file document sticker gif voice audio location create poll contact attachment dice
messages.getHistory 3 read chat messages conversation past log
messages.getDialogs 3 list chats conversations inbox recent groups channels
users.getUsers 2 who am i me myself self own account whoami
users.getFullUser 2 bio about profile info
contacts.resolveUsername 2 find user by username handle lookup
messages.search 2 find messages in a chat
messages.searchGlobal 1 find messages everywhere
messages.forwardMessages 2 share copy
messages.editMessage 2 change correct text
messages.deleteMessages 2 remove unsend
channels.deleteMessages 1 remove
messages.sendReaction 2 react emoji like heart
messages.readHistory 2 mark as read seen
channels.readHistory 1 mark as read seen
messages.updatePinnedMessage 2 pin unpin
messages.createChat 2 new group
channels.createChannel 2 new channel supergroup group
messages.getFullChat 2 group info members participants who is in
channels.getParticipants 2 members list who is in group
channels.getFullChannel 1 info members
messages.addChatUser 1 invite add member
channels.inviteToChannel 1 add member
messages.deleteChatUser 1 kick remove member leave group
channels.editBanned 1 kick ban restrict mute member
channels.editAdmin 1 make promote someone administrator
messages.editChatAdmin 1 make promote someone administrator
channels.joinChannel 2 join enter subscribe
messages.importChatInvite 1 join group by link
channels.leaveChannel 2 leave quit group unsubscribe
messages.exportChatInvite 1 create link
messages.editChatTitle 1 rename group name
channels.editTitle 1 rename group name
messages.editChatPhoto 1 group picture avatar
channels.editPhoto 1 group picture avatar
messages.deleteHistory 1 clear delete chat conversation
messages.getCommonChats 1 groups in common shared
messages.sendMultiMedia 1 album several photos
messages.uploadMedia 1 upload file
messages.setTyping 1 indicator typing
messages.saveDraft 1 draft
messages.getMessages 1 by id
messages.getScheduledHistory 1 list scheduled
messages.getUnreadMentions 1 mentioned
messages.getMessageReadParticipants 1 who has seen read receipts
messages.getOutboxReadDate 1 when was my message seen read receipt
messages.translateText 1 translate a message
messages.getBotCallbackAnswer 1 press click inline button keyboard
messages.startBot 1 start
messages.sendVote 1 vote in a poll
messages.getAllStickers 1 my sticker sets packs
messages.getDialogFilters 1 folders
contacts.getContacts 2 address book my friends
contacts.addContact 2 new contact save
contacts.importContacts 1 phone numbers
contacts.deleteContacts 1 remove contact
contacts.block 2 ban blacklist user
contacts.unblock 1 unban
contacts.getBlocked 1 blacklist
contacts.search 1 find user people
contacts.resolvePhone 1 find user by phone number
contacts.getStatuses 1 online last seen
account.updateProfile 2 edit change my name bio about
account.updateUsername 1 my username
account.updateNotifySettings 1 mute unmute notifications chat
account.getAuthorizations 1 active sessions devices logged in
account.resetAuthorization 1 end terminate session log out other device
account.getPassword 1 two step verification 2fa
account.updatePasswordSettings 1 two step verification 2fa set password
account.getPrivacy 1 settings
account.setPrivacy 1 settings
account.deleteAccount 1 my account
photos.uploadProfilePhoto 2 set my profile picture avatar
photos.updateProfilePhoto 1 set my profile picture avatar
photos.getUserPhotos 1 profile pictures avatars
upload.getFile 2 download file photo video save
upload.saveFilePart 1 upload file
auth.logOut 2 sign out
auth.sendCode 2 log in sign in phone
auth.signIn 1 log in code
updates.getDifference 1 missed updates
updates.getState 1 current
folders.editPeerFolders 1 archive unarchive chat
help.getConfig 2 server data centers dc
help.getNearestDc 1 server data center
bots.setBotCommands 1 commands menu
stories.sendStory 1 post story
channels.getAdminLog 1 recent actions`;

export const everyday = new Map(
  LINES.trim()
    .split('\n')
    .map((line) => {
      const [name, weight, ...words] = line.split(' ');
      return [name, { weight: Number(weight), words: words.join(' ') }];
    }),
);
