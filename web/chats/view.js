// Chats: something to look at while trying things out. Dialogs on one side, one history on the other.
import { fill, h } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import { state, subscribe as onState } from '../gateway.js';
import * as model from './model.js';
import * as peers from './peers.js';
import { chatPane } from './chat.js';
import { hour, summary } from './messages.js';

const when = (date) =>
  !date
    ? ''
    : Date.now() / 1000 - date < 86400
      ? hour(date)
      : new Date(date * 1000).toLocaleDateString([], { day: 'numeric', month: 'short' });

export function make(root) {
  let open = '';
  let loadedFor = null;
  const drafts = new Map();
  const list = h('ul.dialogs');
  const heading = h('h1.offscreen', { tabindex: '-1', 'data-focus': true }, 'Chats');
  const count = h('p.note.more-chats', { role: 'status' });
  const aside = h('nav.side', { 'aria-label': 'Chats', onscroll: () => nearEnd() && more() }, list, count);
  const nearEnd = () => aside.scrollHeight - aside.scrollTop - aside.clientHeight < 400;
  async function more() {
    if (model.list.whole || !model.dialogs.size) return;
    try {
      await model.moreDialogs();
    } catch (error) {
      count.textContent = inWords(error);
    }
  }
  const pane = h('div.pane');
  fill(root, heading, aside, pane);

  const isVisible = () => !root.hidden && document.visibilityState === 'visible';

  function drawDialogs() {
    const focused = document.activeElement?.closest?.('.dialogs a')?.hash;
    fill(
      list,
      model.sorted().map((dialog) => {
        const typing =
          dialog.typing && (dialog.key[0] === 'u' ? 'typing…' : `${peers.nameOf(dialog.typing)} is typing…`);
        return h(
          'li',
          h(
            'a',
            { href: `#chats/${dialog.key}`, 'aria-current': dialog.key === open ? 'true' : null },
            h(
              'span',
              { class: `face hue${Number(dialog.key.slice(-1)) % 6}`, 'aria-hidden': 'true' },
              peers.initials(dialog.key),
            ),
            h('span.name', { dir: 'auto' }, peers.nameOf(dialog.key)),
            h('span.when', when(dialog.top?.date)),
            h(
              'span',
              { class: typing ? 'last typing' : 'last', dir: 'auto' },
              typing || [dialog.top?.out && h('span.you', 'You: '), summary(dialog.top)],
            ),
            dialog.unread > 0 && h('span.unread', String(dialog.unread), h('span.offscreen', ' unread')),
          ),
        );
      }),
    );
    fill(
      count,
      !model.list.whole &&
        model.dialogs.size > 0 && [
          `${model.dialogs.size} of ${model.list.count} chats `,
          h('button.small.quiet', { onclick: more }, 'More'),
        ],
    );
    if (focused)
      list
        .querySelector(`a[href="${CSS.escape(focused)}"], a[href="${focused}"]`)
        ?.focus({ preventScroll: true });
  }

  let chat = null;
  function drawChat(key) {
    chat?.leave();
    model.opens(key);
    chat = chatPane(pane, key, { drafts, isVisible });
  }

  function closed() {
    chat?.leave();
    chat = null;
    fill(pane, h('p.empty', model.dialogs.size ? 'Choose a chat.' : ''));
  }

  async function load() {
    if (loadedFor === state.user?.id) return;
    loadedFor = state.user?.id;
    try {
      await model.ensureDialogs();
    } catch (error) {
      loadedFor = null;
      fill(list, h('li.problem', { role: 'alert' }, inWords(error)));
    }
  }

  model.subscribe((key) => {
    drawDialogs();
    if (chat && (!key || key === chat.key || key[0] === 'u')) chat.update();
  });
  document.addEventListener('visibilitychange', () => isVisible() && chat && model.markRead(chat.key));
  onState((_, change) => {
    if ('user' in change) {
      if (!state.user) {
        loadedFor = null;
        fill(list);
        drafts.clear();
        closed();
      } else if (!root.hidden) load().then(() => go(open));
    }
    // After a reconnect, what was missed is asked for.
    if (change.connection === 'open' && loadedFor && state.user) {
      loadedFor = null;
      if (!root.hidden) load().then(() => chat && drawChat(chat.key));
    }
  });

  function go(key) {
    open = key;
    root.classList.toggle('one', Boolean(key));
    drawDialogs();
    if (!key) closed();
    else if (chat?.key !== key) {
      if (model.dialogs.has(key) || peers.has(key)) drawChat(key);
      else closed();
    }
  }

  return {
    async enter(key) {
      if (!state.user) {
        if (state.checked) return location.replace('#signin');
        open = key;
        fill(pane, h('p.empty', 'One moment…'));
        root.classList.add('one');
        return;
      }
      await load();
      go(key);
    },
  };
}
