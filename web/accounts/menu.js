// The accounts of the gateway that this token may use, our own session beside them: to switch between
// them, and to sign in to a new one.
import { field, fill, h, newId } from '../ui/dom.js';
import { speakAs, state, subscribe } from '../gateway.js';
import { fullName, inWords } from '../ui/words.js';
import * as peers from '../chats/peers.js';
import * as api from './api.js';
import { allows, scopeInWords } from './scope.js';

const MANY = 8; // from there on one may search

// Who it is, as far as that is known here.
function userOf({ name, user }) {
  if (name === state.account && state.checked && !state.user) return 'nobody is signed in any more';
  if (!user) return 'nobody is signed in';
  const known = [state.user, state.own, peers.get(`u${user.id}`)].find((one) => one?.id === user.id);
  return (known && fullName(known)) || `user ${user.id}`;
}

// Speaks as that account from here on; where nobody is signed in, the form is next.
export function choose(name) {
  if (/^#(chats\/|signin)/.test(location.hash)) location.hash = '#chats';
  const off = subscribe((now, change) => {
    if (!change.checked) return;
    off();
    if (!now.user) location.hash = '#signin';
  });
  speakAs(name);
}

export async function openMenu() {
  const title = newId('accounts');
  const list = h('ul.account-list', h('li.note', 'One moment…'));
  const search = h('input', {
    type: 'search',
    'aria-label': 'Find an account',
    placeholder: 'Find an account',
    hidden: true,
    oninput: () => draw(),
  });
  let rows = [];

  const entry = (name, label, about) => {
    const current = name === state.account;
    return h(
      'li',
      h(
        'button.account',
        { 'aria-current': current ? 'true' : null, onclick: () => (dialog.close(), current || choose(name)) },
        h('span.name', label),
        h('span.note', about),
      ),
      name !== null &&
        h(
          'a.button.small',
          { href: `#account/${name}`, 'aria-label': `Settings of ${name}`, onclick: () => dialog.close() },
          'Settings',
        ),
    );
  };
  function draw() {
    const own = state.account ? state.own : state.user;
    const text = search.value.trim().toLowerCase();
    const found = rows.filter((row) => `${row.name} ${userOf(row)}`.toLowerCase().includes(text));
    fill(
      list,
      !text && entry(null, 'Your own session', own ? fullName(own) : 'nobody is signed in with it'),
      found.map((row) =>
        entry(row.name, row.name, [
          userOf(row),
          row.keep === 'always' ? 'stays connected' : '',
          row.update_seq ? `update #${row.update_seq}` : '',
        ].filter(Boolean).join(' · ')),
      ),
      text && !found.length && h('li.note', 'Nothing matches.'),
    );
  }

  const name = field({
    label: 'Sign in to a new account',
    note: `Its name here: ${api.NAME_DUE}.`,
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: 64,
    class: 'mono',
  });
  function begin(event) {
    event.preventDefault();
    const given = name.input.value.trim();
    if (!api.A_NAME.test(given)) return name.fail(`A name has ${api.NAME_DUE}.`);
    if (!allows(state.server.scope, given)) return name.fail('This token does not allow an account of that name.');
    if (rows.some((row) => row.name === given)) return name.fail(`There is an account ${given} already: it is in the list.`);
    dialog.close();
    choose(given);
  }

  const dialog = h(
    'dialog.accounts-menu',
    {
      'aria-labelledby': title,
      onclick: (event) => event.target === dialog && dialog.close(),
      onclose: () => (dialog.remove(), document.querySelector('button.user')?.focus()),
    },
    h(
      'div.accounts-inside',
      h('div.row', h('h2', { id: title }, 'Accounts'), h('span.space'), h('button.quiet.small', { onclick: () => dialog.close() }, 'Close')),
      search,
      list,
      h('form', { onsubmit: begin, novalidate: true }, name.element, h('div.row', h('button.primary', { type: 'submit' }, 'Go on'))),
      state.server.scope && scopeInWords(state.server.scope),
    ),
  );
  await api.styles();
  document.body.append(dialog);
  dialog.showModal();
  try {
    rows = await api.accounts();
    search.hidden = rows.length < MANY;
    draw();
    list.querySelector('[aria-current]')?.focus();
  } catch (error) {
    fill(list, h('li.problem', { role: 'alert' }, inWords(error)));
  }
}
