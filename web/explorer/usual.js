// Which constructors people take: what a field begins with where nearly everybody takes the same, and
// which ones stand first in a list.
const FIRST = {
  ChannelParticipantsFilter: ['channelParticipantsRecent', 'channelParticipantsSearch'],
  InputChatPhoto: ['inputChatUploadedPhoto'],
  InputDialogPeer: ['inputDialogPeer'],
  InputMessage: ['inputMessageID'],
  InputNotifyPeer: ['inputNotifyPeer'],
  InputPrivacyKey: ['inputPrivacyKeyStatusTimestamp', 'inputPrivacyKeyPhoneNumber'],
  InputReplyTo: ['inputReplyToMessage'],
  InputStickerSet: ['inputStickerSetShortName'],
  InputContact: ['inputPhoneContact'],
  MessagesFilter: ['inputMessagesFilterEmpty', 'inputMessagesFilterPhotos', 'inputMessagesFilterDocument'],
  MessageEntity: ['messageEntityBold', 'messageEntityItalic', 'messageEntityTextUrl'],
  Reaction: ['reactionEmoji'],
  ReplyMarkup: ['replyInlineMarkup'],
  SendMessageAction: ['sendMessageTypingAction'],
  TopPeerCategory: ['topPeerCategoryCorrespondents'],
};
const ONLY_FIRST = {
  InputFile: ['inputFile', 'inputFileBig'],
  // There is a choice, but these lead it.
  InputMedia: [
    'inputMediaUploadedPhoto',
    'inputMediaUploadedDocument',
    'inputMediaPoll',
    'inputMediaGeoPoint',
  ],
  InputPeer: ['inputPeerUser', 'inputPeerChat', 'inputPeerChannel'],
  InputUser: ['inputUser'],
  InputChannel: ['inputChannel'],
  InputFileLocation: ['inputPhotoFileLocation', 'inputDocumentFileLocation', 'inputPeerPhotoFileLocation'],
};

// What a field of this type begins with, undefined where a person must choose.
export function usual(field, constructors) {
  const name =
    constructors.length === 1
      ? constructors[0].name
      : field.name === 'offset_peer'
        ? 'inputPeerEmpty'
        : FIRST[field.type]?.[0];
  return constructors.some((one) => one.name === name) ? name : undefined;
}

// The usual ones first; what says that there is nothing, and bots' own, last.
export function inOrder(type, constructors) {
  const first = FIRST[type] ?? ONLY_FIRST[type] ?? [];
  const rank = ({ name }) => {
    const at = first.indexOf(name);
    return at >= 0 ? at : /Empty$/.test(name) ? 1000 : /FromMessage$/.test(name) ? 999 : 500;
  };
  return [...constructors].sort((a, b) => rank(a) - rank(b));
}
