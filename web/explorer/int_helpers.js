// What stands beside a whole number that means more than itself: a day and an hour for a date, the
// messages of a chat for a message's id.
import { fill, h } from '../ui/dom.js';
import * as model from '../chats/model.js';
import * as peers from '../chats/peers.js';
import { summary } from '../chats/messages.js';
import { keyFor } from './people.js';

const SHOWN = 40;

export const isDate = (field) => field.type === 'int' && /(^|_)(date|until)$|^until_/.test(field.name);
export const isMessageId = (field, combinator) =>
  field.type === 'int' &&
  (/(^|_)msg_id$|^(offset_id|max_id|min_id|top_msg_id)$/.test(field.name) ||
    (field.name === 'id' && /^(messages|channels)\.|^inputMessage/.test(combinator.name)));

const local = (seconds) => {
  const date = new Date(seconds * 1000);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

// `input` is the number's own box, which stays; what is chosen here is typed into it.
export function dateBeside(field, input) {
  const box = h('input.date', { type: 'datetime-local', 'aria-label': `${field.name} as a date` });
  const show = () => {
    const seconds = Number(input.value);
    box.value = seconds > 0 && seconds < 2 ** 31 ? local(seconds) : '';
  };
  box.addEventListener('input', () => type(input, box.value ? new Date(box.value) / 1000 : ''));
  input.addEventListener('input', show);
  show();
  return box;
}

function type(input, value) {
  input.value = value;
  input.dispatchEvent(new Event('input'));
}

// The chat that the form itself names, else the one that was open last.
const chatOf = (request) =>
  [request.peer, request.from_peer, request.channel]
    .map((peer) => peer && (keyFor('InputPeer', peer) ?? peers.keyOf(peer)))
    .find(Boolean) ?? model.lastOpen();

export function messagesBeside(field, input, request) {
  const box = h('select.pick-message', { 'aria-label': `${field.name}: a message` });
  const draw = () => {
    const key = chatOf(request());
    const messages = model.histories.get(key)?.messages.slice(-SHOWN).reverse() ?? [];
    const option = (message) =>
      h('option', { value: String(message.id) }, `${message.id} ${summary(message).slice(0, 50)}`);
    fill(
      box,
      h('option', { value: '' }, key ? `a message of ${peers.nameOf(key)}…` : 'a message…'),
      messages.map(option),
    );
    box.value = messages.some(({ id }) => String(id) === input.value) ? input.value : '';
    return key;
  };
  // The history comes when somebody looks for it.
  const look = async () => {
    const key = draw();
    if (!key || model.histories.get(key)?.messages.length) return;
    await model.loadHistory(key).catch(() => {});
    draw();
  };
  box.addEventListener('focus', look);
  box.addEventListener('pointerenter', look);
  box.addEventListener('change', () => box.value && type(input, box.value));
  input.addEventListener('input', draw);
  draw();
  return box;
}
