// How one message looks: its text, its media, or in a line what happened.
import { download, h, toast } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import { bytesInWords, documentBlob, fileName, photoUrl, pick } from './files.js';
import { authorOf, keyOf } from './peers.js';
import { rich } from './text.js';

export const day = (date) =>
  new Date(date * 1000).toLocaleDateString([], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
export const hour = (date) =>
  new Date(date * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

const spaced = (name) =>
  name
    .replace(/^message(Action|Media)/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

const ACTIONS = {
  messageActionChatCreate: ({ title }) => `created the group “${title}”`,
  messageActionChannelCreate: ({ title }) => `created “${title}”`,
  messageActionChatAddUser: () => 'brought somebody in',
  messageActionChatDeleteUser: () => 'removed somebody',
  messageActionChatJoinedByLink: () => 'joined by a link',
  messageActionChatEditTitle: ({ title }) => `changed the name to “${title}”`,
  messageActionPinMessage: () => 'pinned a message',
  messageActionContactSignUp: () => 'joined Telegram',
};
const happened = (action) => ACTIONS[action._cons]?.(action) ?? spaced(action._cons);

// A line for the list of chats.
export function summary(message) {
  if (!message) return '';
  if (message._cons === 'messageService') return happened(message.action);
  const media =
    message.media && message.media._cons !== 'messageMediaWebPage' ? spaced(message.media._cons) : '';
  return [media && `[${media}]`, message.message?.replace(/\s+/g, ' ')]
    .filter(Boolean)
    .join(' ')
    .slice(0, 120);
}

function photo(media) {
  const size = media.photo && pick(media.photo);
  if (!size) return h('p.note', '[photo]');
  const frame = h('div.photo');
  const image = h('img', { alt: 'Photo', width: size.w, height: size.h });
  frame.append(image);
  photoUrl(media.photo, size).then(
    (url) => (image.src = url),
    (error) => frame.replaceChildren(h('p.note', `The photo did not come: ${inWords(error)}`)),
  );
  return frame;
}

function file(media) {
  const document = media.document;
  if (!document) return h('p.note', '[file]');
  const name = fileName(document);
  const get = async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      download(name, await documentBlob(document), 'application/octet-stream');
    } catch (error) {
      toast(inWords(error));
    }
    button.disabled = false;
  };
  return h(
    'button.file',
    { onclick: get },
    h('span', name),
    h('span.note', bytesInWords(Number(document.size))),
  );
}

function media(message) {
  const kind = message.media?._cons;
  if (!kind || kind === 'messageMediaEmpty' || kind === 'messageMediaWebPage') return null;
  if (kind === 'messageMediaPhoto') return photo(message.media);
  if (kind === 'messageMediaDocument') return file(message.media);
  return h('p.note', `[${spaced(kind)}]`);
}

// `before` is the message above: the same author within five minutes is not named again.
export function messageItem(message, before) {
  if (message._cons === 'messageService')
    return h('li.event', `${authorOf(message)} ${happened(message.action)}`);
  const follows =
    before &&
    before._cons === 'message' &&
    before.out === message.out &&
    keyOf(before.from_id) === keyOf(message.from_id) &&
    message.date - before.date < 300;
  return h(
    'li',
    { class: `message${message.out ? ' out' : ''}${follows ? ' follows' : ''}`, 'data-id': message.id },
    !follows &&
      h(
        'div.by',
        h('span.author', { dir: 'auto' }, authorOf(message)),
        h('time', { datetime: new Date(message.date * 1000).toISOString() }, hour(message.date)),
      ),
    media(message),
    message.message && h('div.words', { dir: 'auto' }, rich(message.message, message.entities)),
    message.edit_date && h('span.note', 'edited'),
  );
}
