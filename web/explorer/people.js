// Whom a form can name without typing: the chats and contacts of who is signed in. Loaded once
// somebody needs them; who waits is told when they are there.
import { state, subscribe as onState, tg } from '../gateway.js';
import * as model from '../chats/model.js';
import * as peers from '../chats/peers.js';

let contacts = [];
let loading = null;
const waiting = new Set();
onState((_, change) => {
  if (!('user' in change)) return;
  contacts = [];
  loading = null;
  if (state.user && waiting.size) load();
});

async function load() {
  loading ??= (async () => {
    const [, book] = await Promise.all([
      model.ensureDialogs(),
      state.user?.bot ? { users: [] } : tg.call('contacts.getContacts', { hash: '0' }),
    ]);
    peers.remember(book);
    contacts = (book.users ?? []).map((user) => `u${user.id}`);
  })();
  await loading.catch(() => (loading = null)); // then there is nothing to pick from, but names to type
  for (const listener of [...waiting]) if (!listener()) waiting.delete(listener);
}

// Calls `listener` whenever there is more to pick from, until it gives false.
export function whenKnown(listener) {
  waiting.add(listener);
  if (state.user && !loading) load();
}

const takes = {
  InputPeer: () => true,
  InputUser: (key) => key[0] === 'u',
  InputChannel: (key) => key[0] === 'n',
};
export const isPicked = (type) => type in takes;

// [label, [[key, name], …]] for a field of this type.
export function peopleFor(type) {
  const chats = model
    .sorted()
    .map((dialog) => dialog.key)
    .filter((key) => takes[type](key) && !peers.get(key)?.self);
  const others = contacts.filter((key) => takes[type](key) && !chats.includes(key) && !peers.get(key)?.self);
  const named = (keys) =>
    keys.map((key) => {
      const username = peers.get(key)?.username;
      return [`peer:${key}`, peers.nameOf(key) + (username ? ` (@${username})` : '')];
    });
  return [
    ['Chats', named(chats)],
    ['Contacts', named(others)],
  ].filter(([, list]) => list.length);
}

// What stands in the JSON for that chat: its name where it has one, since that is true for everybody.
export function inputFor(type, key) {
  const one = peers.get(key);
  if (one?.username) return `@${one.username}`;
  const peer = peers.inputPeer(key);
  if (type === 'InputUser') return { ...peer, _cons: 'inputUser' };
  if (type === 'InputChannel') return { ...peer, _cons: 'inputChannel' };
  return peer;
}

// The chat that a value of the JSON names, where it is one of those that can be picked.
export function keyFor(type, value) {
  if (typeof value === 'string' && value[0] === '@' && value.length > 1)
    return known(type).find(
      (key) => peers.get(key)?.username?.toLowerCase() === value.slice(1).toLowerCase(),
    );
  const key = value?._cons && !/Empty|Self|FromMessage/.test(value._cons) ? peers.keyOf(value) : '';
  return known(type).find((one) => one === key);
}
const known = (type) => [...model.dialogs.keys(), ...contacts].filter(takes[type]);
