// Every object sent and received on the console's connection, the newest thousand of them.
import * as peers from './chats/peers.js';
import { fullName } from './ui/words.js';

const KEPT = 1000;
export const entries = [];
const names = new Map(); // request id -> what it was called, for its reply
const listeners = new Set();
let count = 0;

export const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));

export const clear = () => {
  entries.length = 0;
  listeners.forEach((listener) => listener(null));
};

// --- what a pushed object is, in a line: which updates, and of which chats ---

const NAMED = 3; // the rest is counted

const chatOf = (update) => {
  const peer = update.message?.peer_id ?? update.peer ?? update;
  return peers.keyOf(peer.peer ?? peer);
};

// Names that came along are better than none; what is known already is better than those.
function chatName(key, object) {
  if (!key) return '';
  if (peers.has(key)) return peers.nameOf(key);
  const came = [...(object.users ?? []), ...(object.chats ?? [])].find(
    ({ id }) => String(id) === key.slice(1),
  );
  const name = came && (came.title ?? fullName(came));
  return name || `#${key.slice(1)}`;
}

const few = (all) => {
  const different = [...new Set(all.filter(Boolean))];
  const rest = different.length - NAMED;
  return different.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
};

export function describe(object) {
  const updates = object.updates ?? (object.update ? [object.update] : [object]);
  if (!Array.isArray(updates) || !updates.length) return object._cons;
  const kinds = few(updates.map((update) => update._cons));
  const chats = few(updates.map((update) => chatName(chatOf(update), object)));
  return chats ? `${kinds} · ${chats}` : kinds;
}

// --- the log ---

function nameOf(object) {
  if (object.id === 0 && object.message?._cons) return describe(object.message);
  if (object.message !== undefined)
    return (
      object.message?._cons ??
      (Array.isArray(object.message) ? `[${object.message.length}]` : String(object.message))
    );
  if (object.error) return object.error;
  if (object.signin) return `signin ${Object.keys(object.signin).join(' ')}`.trim();
  if (object.connection) return `connection ${object.connection.state}`;
  return (
    Object.keys(object)
      .filter((key) => ['server', 'options', 'session', 'account'].includes(key) && object[key] !== undefined)
      .join(', ') || 'object'
  );
}

export function add(direction, object) {
  const at = performance.now();
  const entry = {
    number: ++count,
    at,
    clock: new Date(),
    direction,
    object,
    id: object.id,
    name: nameOf(object),
    since: entries.length ? at - entries.at(-1).at : 0,
  };
  if (direction === 'sent') names.set(object.id, { name: entry.name, at });
  else if (object.id && names.has(object.id)) {
    const request = names.get(object.id);
    names.delete(object.id);
    entry.request = request.name;
    entry.took = at - request.at;
    if (object.signin) entry.name = object.signin.state;
  }
  entry.failed = Boolean(
    object.error ||
    object.message?._cons === 'rpc_error' ||
    object.message?._cons === 'rpc_timeout' ||
    object.signin?.error,
  );
  entries.push(entry);
  if (entries.length > KEPT) entries.shift();
  listeners.forEach((listener) => listener(entry));
}

// Keys, codes and passwords are shown only where somebody asks for them.
const SECRET = /^(auth_key|string|token|bot_token|api_hash|phone_code_hash)$|code$|password/;
export function blank(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => blank(item));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, blank(item, name)]));
  return typeof value === 'string' && value && SECRET.test(key) ? '•••' : value;
}
