// Recipes: what people want of Telegram, as filled calls. {$: 'name.path'} stands for what a person
// fills in (inputs) or for what the step of that name answered. `sandbox` is an input's value in a
// sandbox, where everybody is known.
const value = ($) => ({ $ });
const NOW_EMPTY = { _cons: 'inputPeerEmpty' };

export const recipes = [
  {
    id: 'send',
    title: 'Send a message',
    words: 'write text say',
    about:
      'A peer is “me”, an @name, or an object of a chat. Telegram is told a random number along with it, so that a message is never sent twice.',
    inputs: {
      to: { kind: 'peer', label: 'To', value: 'me', sandbox: '@echobot' },
      text: { kind: 'long', label: 'Text', value: 'Hello from streamjson' },
    },
    steps: [{ call: { _cons: 'messages.sendMessage', peer: value('to'), message: value('text') } }],
  },
  {
    id: 'photo',
    title: 'Send a photo',
    words: 'picture image upload media',
    about:
      'The file goes up in parts first, under a number that is drawn here. What is sent then names that upload.',
    inputs: {
      to: { kind: 'peer', label: 'To', value: 'me' },
      photo: { kind: 'file', label: 'Photo', value: 'photo.jpg', accept: 'image/*' },
      caption: { kind: 'text', label: 'Caption', value: 'A photo' },
    },
    steps: [
      { name: 'file', upload: 'photo' },
      {
        call: {
          _cons: 'messages.sendMedia',
          peer: value('to'),
          media: { _cons: 'inputMediaUploadedPhoto', file: value('file') },
          message: value('caption'),
        },
      },
    ],
  },
  {
    id: 'chats',
    title: 'List your chats',
    words: 'dialogs conversations inbox groups channels',
    about:
      'The newest come first. To go on, the last one’s date, message and peer are the next call’s offset_date, offset_id and offset_peer.',
    inputs: {},
    steps: [{ call: { _cons: 'messages.getDialogs', offset_peer: NOW_EMPTY, limit: 100 } }],
  },
  {
    id: 'history',
    title: 'Read a chat’s history',
    words: 'messages conversation',
    about:
      'Messages come from the newest on, a page a call. The second call begins where the first one ended: at its last message.',
    inputs: { chat: { kind: 'peer', label: 'Chat', value: 'me', sandbox: '@grace_hopper' } },
    steps: [
      { name: 'newest', call: { _cons: 'messages.getHistory', peer: value('chat'), limit: 2 } },
      {
        call: {
          _cons: 'messages.getHistory',
          peer: value('chat'),
          offset_id: value('newest.messages.1.id'),
          limit: 100,
        },
        missing: 'There are not two messages in this chat yet.',
      },
    ],
  },
  {
    id: 'search',
    title: 'Search messages',
    words: 'find look for text',
    about: 'In one chat. messages.searchGlobal looks through all of them.',
    inputs: {
      chat: { kind: 'peer', label: 'In', value: 'me', sandbox: '@grace_hopper' },
      text: { kind: 'text', label: 'For', value: 'hello', sandbox: 'business' },
    },
    steps: [
      {
        call: {
          _cons: 'messages.search',
          peer: value('chat'),
          q: value('text'),
          filter: { _cons: 'inputMessagesFilterEmpty' },
          min_date: 0,
          max_date: 0,
          limit: 50,
        },
      },
    ],
  },
  {
    id: 'members',
    title: 'See who is in a group',
    words: 'members participants people',
    about:
      'The first group among your chats. A supergroup or channel tells its members by channels.getParticipants.',
    inputs: {},
    steps: [
      { name: 'dialogs', call: { _cons: 'messages.getDialogs', offset_peer: NOW_EMPTY, limit: 100 } },
      {
        call: { _cons: 'messages.getFullChat', chat_id: value('dialogs.chats.0.id') },
        missing: 'There is no group among your chats.',
      },
    ],
  },
  {
    id: 'group',
    title: 'Create a group',
    words: 'new chat make',
    about: 'With one person in it to begin with, who is told. A second call says something there.',
    inputs: {
      title: { kind: 'text', label: 'Name of the group', value: 'A new group' },
      member: { kind: 'user', label: 'With', value: '@', sandbox: '@grace_hopper' },
      text: { kind: 'text', label: 'First message', value: 'Welcome' },
    },
    steps: [
      {
        name: 'made',
        call: { _cons: 'messages.createChat', users: [value('member')], title: value('title') },
      },
      {
        call: {
          _cons: 'messages.sendMessage',
          peer: { _cons: 'inputPeerChat', chat_id: value('made.updates.chats.0.id') },
          message: value('text'),
        },
      },
    ],
  },
  {
    id: 'forward',
    title: 'Forward a message',
    words: 'share copy send on',
    about: 'The newest message of a chat, to another one.',
    inputs: {
      from: { kind: 'peer', label: 'From', value: 'me', sandbox: '@grace_hopper' },
      to: { kind: 'peer', label: 'To', value: 'me' },
    },
    steps: [
      { name: 'newest', call: { _cons: 'messages.getHistory', peer: value('from'), limit: 1 } },
      {
        call: {
          _cons: 'messages.forwardMessages',
          from_peer: value('from'),
          id: [value('newest.messages.0.id')],
          to_peer: value('to'),
        },
        missing: 'There is no message in this chat yet.',
      },
    ],
  },
  {
    id: 'download',
    title: 'Download a file',
    words: 'photo save get media',
    about:
      'The newest photo of a chat. A file is asked for by where Telegram keeps it; one that is longer than a piece takes more calls, each with the next offset.',
    inputs: {
      chat: { kind: 'peer', label: 'From', value: 'me' },
      name: { kind: 'text', label: 'Save as', value: 'downloaded.jpg' },
    },
    steps: [
      {
        name: 'found',
        call: {
          _cons: 'messages.search',
          peer: value('chat'),
          q: '',
          filter: { _cons: 'inputMessagesFilterPhotos' },
          min_date: 0,
          max_date: 0,
          limit: 1,
        },
      },
      {
        name: 'piece',
        call: {
          _cons: 'upload.getFile',
          location: {
            _cons: 'inputPhotoFileLocation',
            id: value('found.messages.0.media.photo.id'),
            access_hash: value('found.messages.0.media.photo.access_hash'),
            file_reference: value('found.messages.0.media.photo.file_reference'),
            thumb_size: value('found.messages.0.media.photo.sizes.-1.type'),
          },
          offset: 0,
          limit: 1048576,
        },
        missing: 'There is no photo in this chat yet: “Send a photo” puts one there.',
      },
      { save: 'piece.bytes', as: 'name' },
    ],
  },
  {
    id: 'profile',
    title: 'Edit my profile',
    words: 'change name bio about account',
    about: 'What is not named stays as it is. The second call tells what the profile says now.',
    inputs: { about: { kind: 'text', label: 'Bio', value: 'Made with streamjson' } },
    steps: [
      { call: { _cons: 'account.updateProfile', about: value('about') } },
      { call: { _cons: 'users.getFullUser', id: 'me' } },
    ],
  },
  {
    id: 'react',
    title: 'React to a message',
    words: 'reaction emoji like heart',
    about: 'To the newest message of a chat.',
    inputs: {
      chat: { kind: 'peer', label: 'Chat', value: 'me', sandbox: '@echobot' },
      emoji: { kind: 'text', label: 'With', value: '👍' },
    },
    steps: [
      { name: 'newest', call: { _cons: 'messages.getHistory', peer: value('chat'), limit: 1 } },
      {
        call: {
          _cons: 'messages.sendReaction',
          peer: value('chat'),
          msg_id: value('newest.messages.0.id'),
          reaction: [{ _cons: 'reactionEmoji', emoticon: value('emoji') }],
        },
        missing: 'There is no message in this chat yet.',
      },
    ],
  },
];
