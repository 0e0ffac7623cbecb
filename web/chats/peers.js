// Users and chats by key ("u1", "c50", "n7" for channels), as answers and updates mention them.
import { fullName } from '../ui/words.js';

const known = new Map();

export const keyOf = (peer) =>
  peer?.user_id
    ? `u${peer.user_id}`
    : peer?.chat_id
      ? `c${peer.chat_id}`
      : peer?.channel_id
        ? `n${peer.channel_id}`
        : '';

export function remember({ users = [], chats = [], user, chat } = {}) {
  for (const one of [...users, ...(user ? [user] : [])]) put(`u${one.id}`, one);
  for (const one of [...chats, ...(chat ? [chat] : [])])
    put(`${/^channel/.test(one._cons) ? 'n' : 'c'}${one.id}`, one);
}

let self = '';
export const setSelf = (key) => (self = key);

// A `min` object lacks the access hash: it does not push out a whole one.
function put(key, object) {
  const before = known.get(key);
  const whole = object.min && before && !before.min ? { ...object, ...before } : object;
  known.set(key, key === self ? { ...whole, self: true } : whole);
}

export const get = (key) => known.get(key);
export const has = (key) => known.has(key);
export const reset = () => known.clear();

export function nameOf(key) {
  const one = known.get(key);
  if (!one) return key ? `#${key.slice(1)}` : '';
  if (one.self) return 'Saved messages';
  return (
    one.title ??
    (fullName(one) ||
      (one.deleted ? 'Deleted account' : one.username) ||
      `#${one.id}`)
  );
}

export function authorOf(message) {
  const key = keyOf(message.from_id ?? message.peer_id);
  return message.out ? 'You' : (message.post_author ?? nameOf(key));
}

export function inputPeer(key) {
  const one = known.get(key);
  const id = key.slice(1);
  if (key[0] === 'u')
    return one?.self
      ? { _cons: 'inputPeerSelf' }
      : { _cons: 'inputPeerUser', user_id: id, access_hash: one?.access_hash ?? '0' };
  if (key[0] === 'c') return { _cons: 'inputPeerChat', chat_id: id };
  return { _cons: 'inputPeerChannel', channel_id: id, access_hash: one?.access_hash ?? '0' };
}

export function aboutOf(key) {
  const one = known.get(key);
  if (!one) return '';
  const status = one.status?._cons;
  const parts = [];
  if (one.username) parts.push('@' + one.username);
  if (one.bot) parts.push('bot');
  if (one.participants_count) parts.push(`${one.participants_count} members`);
  if (status === 'userStatusOnline') parts.push('online');
  else if (status === 'userStatusOffline')
    parts.push(
      `last seen ${new Date(one.status.was_online * 1000).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`,
    );
  else if (status === 'userStatusRecently') parts.push('last seen recently');
  return parts.join(' · ');
}

export const initials = (key) =>
  nameOf(key)
    .split(/\s+/)
    .map((word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase() || '?';
