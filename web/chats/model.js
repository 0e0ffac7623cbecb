// Dialogs and messages as they are now: loaded on demand, kept right by what Telegram pushes.
import { onUpdate, state, subscribe as onState, tg } from '../gateway.js';
import * as peers from './peers.js';

export const dialogs = new Map(); // key -> {key, unread, top, typing}
export const histories = new Map(); // key -> {messages (oldest first), whole}
const listeners = new Set();
export const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));
const changed = (key) => listeners.forEach((listener) => listener(key));

// The chat that a person looked at last.
let opened = '';
export const opens = (key) => (opened = key);
export const lastOpen = () => opened;

const PAGE = 40;
const me = () => `u${state.user?.id}`;

export function reset() {
  opened = '';
  first = null;
  Object.assign(list, { whole: false, count: 0 });
  dialogs.clear();
  histories.clear();
  peers.reset();
}

const DIALOGS = 100;
let first = null; // the first page, asked for once
export const list = { whole: false, count: 0 };

export const ensureDialogs = () =>
  (first ??= dialogsPage({ offset_date: 0, offset_id: 0, offset_peer: { _cons: 'inputPeerEmpty' } }).catch(
    (error) => ((first = null), Promise.reject(error)),
  ));

// The page after what is there, which begins at the oldest of those that are not pinned.
let more = null;
export const moreDialogs = () => (more ??= nextDialogs().finally(() => (more = null)));
async function nextDialogs() {
  await ensureDialogs();
  const last = sorted().findLast((dialog) => dialog.listed && !dialog.pinned && dialog.top);
  if (list.whole || !last) return;
  await dialogsPage({
    offset_date: last.top.date,
    offset_id: last.top.id,
    offset_peer: peers.inputPeer(last.key),
  });
}

async function dialogsPage(offset) {
  const who = state.user?.id;
  const answer = await tg.call('messages.getDialogs', { ...offset, limit: DIALOGS, hash: '0' });
  if (who !== state.user?.id) return;
  peers.setSelf(me());
  peers.remember(answer);
  peers.remember({ user: state.user });
  const byId = new Map(
    (answer.messages ?? []).map((message) => [`${peers.keyOf(message.peer_id)}/${message.id}`, message]),
  );
  let fresh = 0;
  for (const dialog of answer.dialogs ?? []) {
    if (dialog._cons !== 'dialog') continue;
    const key = peers.keyOf(dialog.peer);
    const known = dialogs.get(key);
    if (!known?.listed) fresh++;
    dialogs.set(key, {
      key,
      unread: dialog.unread_count,
      pinned: dialog.pinned,
      top: byId.get(`${key}/${dialog.top_message}`),
      typing: null,
      listed: true,
    });
  }
  list.count = answer.count ?? dialogs.size;
  list.whole = answer._cons !== 'messages.dialogsSlice' || !fresh || dialogs.size >= list.count;
  changed('');
}

// Newest first, the pinned ones above.
export const sorted = () =>
  [...dialogs.values()].sort(
    (a, b) => (b.pinned ? 1 : 0) - (a.pinned ? 1 : 0) || (b.top?.date ?? 0) - (a.top?.date ?? 0),
  );

export async function loadHistory(key) {
  const history = histories.get(key) ?? { messages: [], whole: false };
  histories.set(key, history);
  if (history.whole) return 0;
  const oldest = history.messages[0]?.id ?? 0;
  const answer = await tg.call('messages.getHistory', {
    peer: peers.inputPeer(key),
    offset_id: oldest,
    offset_date: 0,
    add_offset: 0,
    limit: PAGE,
    max_id: 0,
    min_id: 0,
    hash: '0',
  });
  peers.remember(answer);
  const more = (answer.messages ?? []).filter(
    (message) =>
      message._cons !== 'messageEmpty' && !history.messages.some((known) => known.id === message.id),
  );
  history.messages.unshift(...more.reverse());
  history.whole = (answer.messages ?? []).length < PAGE;
  return more.length;
}

export async function markRead(key) {
  const dialog = dialogs.get(key);
  const last = histories.get(key)?.messages.at(-1);
  if (!dialog?.unread || !last) return;
  dialog.unread = 0;
  changed('');
  const peer = peers.inputPeer(key);
  const read =
    key[0] === 'n'
      ? tg.call('channels.readHistory', { channel: { ...peer, _cons: 'inputChannel' }, max_id: last.id })
      : tg.call('messages.readHistory', { peer, max_id: last.id });
  await read.catch(() => {});
}

export async function send(key, text) {
  const answer = await tg.call('messages.sendMessage', { peer: peers.inputPeer(key), message: text });
  if (answer._cons === 'updateShortSentMessage')
    addMessage({
      _cons: 'message',
      out: true,
      id: answer.id,
      date: answer.date,
      message: text,
      entities: answer.entities,
      media: answer.media,
      peer_id: peerOf(key),
      from_id: { _cons: 'peerUser', user_id: state.user?.id },
    });
  else take(answer);
}

export async function sendMedia(key, media, caption = '') {
  take(
    await tg.call(
      'messages.sendMedia',
      { peer: peers.inputPeer(key), media, message: caption },
      { timeout: 60 },
    ),
  );
}

const peerOf = (key) =>
  ({
    u: { _cons: 'peerUser', user_id: key.slice(1) },
    c: { _cons: 'peerChat', chat_id: key.slice(1) },
    n: { _cons: 'peerChannel', channel_id: key.slice(1) },
  })[key[0]];

let typingSent = 0;
export function sayTyping(key) {
  if (Date.now() - typingSent < 5000) return;
  typingSent = Date.now();
  tg.call('messages.setTyping', {
    peer: peers.inputPeer(key),
    action: { _cons: 'sendMessageTypingAction' },
  }).catch(() => {});
}

function addMessage(message) {
  const key = peers.keyOf(message.peer_id);
  if (!key) return;
  if (!message.out && peers.keyOf(message.from_id) === me() && key !== me()) message.out = true;
  const dialog = dialogs.get(key) ?? { key, unread: 0, typing: null };
  dialogs.set(key, dialog);
  const history = histories.get(key);
  const known = history?.messages.some((one) => one.id === message.id) || dialog.top?.id === message.id;
  if (!dialog.top || message.id >= dialog.top.id) dialog.top = message;
  if (history && !history.messages.some((one) => one.id === message.id)) {
    history.messages.push(message);
    history.messages.sort((a, b) => a.id - b.id);
  }
  if (!message.out && !known) dialog.unread++;
  dialog.typing = null;
  changed(key);
}

function edit(message) {
  const key = peers.keyOf(message.peer_id);
  const list = histories.get(key)?.messages ?? [];
  const at = list.findIndex((one) => one.id === message.id);
  if (at >= 0) list[at] = message;
  const dialog = dialogs.get(key);
  if (dialog?.top?.id === message.id) dialog.top = message;
  changed(key);
}

function remove(ids, channel) {
  for (const [key, history] of histories) {
    if (channel ? key !== `n${channel}` : key[0] === 'n') continue;
    history.messages = history.messages.filter((message) => !ids.includes(message.id));
    changed(key);
  }
}

function typing(key, who, action) {
  const dialog = dialogs.get(key);
  if (!dialog) return;
  clearTimeout(dialog.timer);
  dialog.typing = action?._cons === 'sendMessageCancelAction' ? null : who;
  dialog.timer = setTimeout(() => ((dialog.typing = null), changed(key)), 6000);
  changed(key);
}

function one(update) {
  switch (update._cons) {
    case 'updateNewMessage':
    case 'updateNewChannelMessage':
      return addMessage(update.message);
    case 'updateEditMessage':
    case 'updateEditChannelMessage':
      return edit(update.message);
    case 'updateDeleteMessages':
      return remove(update.messages);
    case 'updateDeleteChannelMessages':
      return remove(update.messages, update.channel_id);
    case 'updateUserTyping':
      return typing(`u${update.user_id}`, `u${update.user_id}`, update.action);
    case 'updateChatUserTyping':
      return typing(`c${update.chat_id}`, peers.keyOf(update.from_id), update.action);
    case 'updateChannelUserTyping':
      return typing(`n${update.channel_id}`, peers.keyOf(update.from_id), update.action);
    case 'updateUserStatus': {
      const user = peers.get(`u${update.user_id}`);
      if (user) user.status = update.status;
      return changed(`u${update.user_id}`);
    }
    case 'updateReadHistoryInbox': {
      const dialog = dialogs.get(peers.keyOf(update.peer));
      if (dialog) dialog.unread = update.still_unread_count ?? 0;
      return changed('');
    }
  }
}

// Any object of type Updates.
export function take(object) {
  peers.remember(object);
  switch (object._cons) {
    case 'updates':
    case 'updatesCombined':
      return object.updates.forEach(one);
    case 'updateShort':
      return one(object.update);
    case 'updateShortMessage':
      return addMessage({
        ...object,
        _cons: 'message',
        peer_id: { _cons: 'peerUser', user_id: object.user_id },
        from_id: { _cons: 'peerUser', user_id: object.out ? state.user?.id : object.user_id },
      });
    case 'updateShortChatMessage':
      return addMessage({
        ...object,
        _cons: 'message',
        peer_id: { _cons: 'peerChat', chat_id: object.chat_id },
        from_id: { _cons: 'peerUser', user_id: object.from_id },
      });
  }
}

onUpdate(take);

// How long texts may be: what Telegram has always taken, until its configuration says otherwise.
export const limits = { message: 4096, caption: 1024 };
async function askLimits() {
  const config = await tg.call('help.getConfig').catch(() => null);
  if (config?.message_length_max > 0) limits.message = config.message_length_max;
  if (config?.caption_length_max > 0) limits.caption = config.caption_length_max;
}
if (state.user) askLimits();

// Somebody else, or a connection that missed things: what is known is asked for anew.
let owner = state.user?.id;
onState((now, change) => {
  if (change.user) askLimits();
  const other = 'user' in change && now.user?.id !== owner;
  if (other) owner = now.user?.id;
  if (other || change.connection === 'open') reset();
});
