// What a pushed object is, in a line: which updates, and of which chats.
import * as peers from './chats/peers.js';

const MOST = 3; // named; the rest is counted

const chatOf = (update) => {
  const message = update.message;
  const peer =
    (message?.peer_id && message) || update.peer
      ? (message?.peer_id ?? update.peer)
      : update.user_id || update.chat_id || update.channel_id
        ? update
        : null;
  return peers.keyOf(peer?.peer ?? peer);
};

// Names that came along are better than none; what is known already is better than those.
function nameOf(key, object) {
  if (!key) return '';
  if (peers.has(key)) return peers.nameOf(key);
  const came = [...(object.users ?? []), ...(object.chats ?? [])].find(
    ({ id }) => String(id) === key.slice(1),
  );
  const name = came && (came.title ?? [came.first_name, came.last_name].filter(Boolean).join(' '));
  return name || `#${key.slice(1)}`;
}

const few = (all) => {
  const different = [...new Set(all.filter(Boolean))];
  const rest = different.length - MOST;
  return different.slice(0, MOST).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
};

export function describe(object) {
  const updates = object.updates ?? (object.update ? [object.update] : [object]);
  if (!Array.isArray(updates) || !updates.length) return object._cons;
  const kinds = few(updates.map((update) => update._cons));
  const chats = few(updates.map((update) => nameOf(chatOf(update), object)));
  return chats ? `${kinds} · ${chats}` : kinds;
}
