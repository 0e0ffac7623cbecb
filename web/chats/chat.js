// One chat: its history, what is typed, and the box to write in. Fills `pane`; update() after every
// change, leave() when another takes its place.
import { fill, h, problemLine } from '../ui/dom.js';
import * as model from './model.js';
import * as peers from './peers.js';
import { upload } from './files.js';
import { day, messageItem } from './messages.js';

// Inserts and removes what differs, so that the log tells a screen reader only the new.
function sync(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let at = parent.firstChild;
  for (const element of wanted) {
    if (element === at) at = at.nextSibling;
    else parent.insertBefore(element, at);
  }
}

export function chatPane(pane, key, { drafts, isVisible }) {
  const title = h('h2', { tabindex: '-1', dir: 'auto' }, peers.nameOf(key));
  const about = h('p.note', { 'aria-live': 'polite' });
  const messages = h('ol.messages');
  const earlier = h('button.quiet', { onclick: () => older() }, 'Earlier messages');
  const scroller = h(
    'div.scroll',
    {
      tabindex: '0',
      role: 'region',
      'aria-label': 'History',
      onscroll: () => scroller.scrollTop < 60 && older(),
    },
    earlier,
    h('div', { role: 'log', 'aria-label': 'Messages' }, messages),
  );
  const { element: problem, say } = problemLine();
  const input = h('textarea', {
    rows: 1,
    'aria-label': `Message to ${peers.nameOf(key)}`,
    placeholder: 'Message',
    dir: 'auto',
    value: drafts.get(key) ?? '',
    oninput: () => (drafts.set(key, input.value), grow(), input.value && model.sayTyping(key)),
    onkeydown: (event) =>
      event.key === 'Enter' && !event.shiftKey && !event.isComposing && (event.preventDefault(), submit()),
  });
  const picker = h('input', { type: 'file', hidden: true, onchange: () => attach() });
  const count = h('span.note.count', { role: 'status' });
  const clip = h(
    'button',
    { 'aria-label': 'Send a file', title: 'Send a file', onclick: () => picker.click() },
    '+',
  );
  const form = h(
    'form.composer',
    { onsubmit: (event) => (event.preventDefault(), submit()) },
    clip,
    picker,
    input,
    count,
    h('button.primary', { type: 'submit' }, 'Send'),
  );
  fill(
    pane,
    h(
      'header.chat-head',
      h('a.back', { href: '#chats', 'aria-label': 'All chats' }, '←'),
      h('div', title, about),
    ),
    scroller,
    problem,
    form,
  );

  // As high as its text, wrapped lines and all; the style says where that ends.
  const grow = () => {
    input.style.height = 'auto';
    input.style.height = `${input.scrollHeight + 2}px`;
    const left = model.limits.message - input.value.length;
    count.textContent = left < 300 ? (left < 0 ? `${-left} too many` : `${left} left`) : '';
    count.classList.toggle('problem', left < 0);
  };
  // Telegram counts UTF-16 units, as JavaScript does.
  const tooLong = (text, most, name) =>
    text.length > most && new Error(`This has ${text.length} characters; Telegram takes ${most}. (${name})`);
  const busy = (text) => (form.dataset.busy = text ?? '');
  async function submit() {
    const text = input.value.trim();
    if (!text) return;
    const long = tooLong(text, model.limits.message, 'MESSAGE_TOO_LONG');
    if (long) return say(long);
    input.value = '';
    drafts.delete(key);
    grow();
    say();
    try {
      await model.send(key, text);
    } catch (error) {
      if (!input.value) input.value = text;
      grow();
      say(error);
    }
  }
  async function attach() {
    const file = picker.files[0];
    picker.value = '';
    if (!file) return;
    say(tooLong(input.value.trim(), model.limits.caption, 'MEDIA_CAPTION_TOO_LONG'));
    if (!problem.hidden) return;
    clip.disabled = true;
    try {
      const media = await upload(
        file,
        (part) => (about.textContent = `Sending ${file.name}: ${Math.round(part * 100)} %`),
      );
      await model.sendMedia(key, media, input.value.trim());
      input.value = '';
      grow();
      drafts.delete(key);
    } catch (error) {
      say(error);
    }
    clip.disabled = false;
    update();
  }
  let loading = false;
  async function older() {
    if (loading || !shown || model.histories.get(key)?.whole) return;
    loading = true;
    const height = scroller.scrollHeight - scroller.scrollTop;
    try {
      await model.loadHistory(key);
      drawMessages();
      scroller.scrollTop = scroller.scrollHeight - height;
    } catch (error) {
      say(error);
    }
    loading = false;
  }
  const drawn = new Map(); // id -> {message, before, element}: elements are kept, photos do not flicker
  function drawMessages() {
    const history = model.histories.get(key) ?? { messages: [] };
    const out = [];
    let before = null;
    for (const message of history.messages) {
      if (!before || day(before.date) !== day(message.date)) {
        out.push(h('li.day', day(message.date)));
        before = null;
      }
      const known = drawn.get(message.id);
      const element =
        known?.message === message && known.before === before?.id
          ? known.element
          : messageItem(message, before);
      drawn.set(message.id, { message, before: before?.id, element });
      out.push(element);
      before = message;
    }
    const present = [...messages.children];
    if (out.length !== present.length || out.some((element, at) => element !== present[at]))
      sync(messages, out);
    earlier.hidden = Boolean(history.whole);
  }
  function update() {
    const dialog = model.dialogs.get(key);
    title.textContent = peers.nameOf(key);
    about.textContent = dialog?.typing
      ? key[0] === 'u'
        ? 'typing…'
        : `${peers.nameOf(dialog.typing)} is typing…`
      : peers.aboutOf(key);
    const end = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    drawMessages();
    if (end) scroller.scrollTop = scroller.scrollHeight;
    if (isVisible()) model.markRead(key);
  }
  let shown = true;
  grow();
  (async () => {
    try {
      if (!model.histories.get(key)?.messages.length) await model.loadHistory(key);
    } catch (error) {
      say(error);
    }
    if (!shown) return;
    update();
    scroller.scrollTop = scroller.scrollHeight;
    if (matchMedia('(min-width: 760px)').matches) input.focus();
    else title.focus();
  })();
  return { key, update, leave: () => (shown = false) };
}
