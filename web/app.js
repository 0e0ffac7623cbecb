// The frame: header, views by #hash, theme. Each view is made when first opened and then kept.
import { fill, h } from './ui/dom.js';
import { forget, isDead, start, state, subscribe, telegramName, tg, unlock } from './gateway.js';
import { kept, theme } from './store.js';
import { fullName, inWords } from './ui/words.js';

const views = {
  signin: { title: 'Sign in', load: () => import('./signin/view.js') },
  chats: { title: 'Chats', load: () => import('./chats/view.js') },
  explorer: { title: 'Explorer', load: () => import('./explorer/view.js') },
  wire: { title: 'Wire', load: () => import('./wire.js') },
  session: { title: 'Session', load: () => import('./session.js') },
  account: { title: 'Account', load: () => import('./accounts/page.js') }, // in place of a session
};
const made = new Map(); // name -> {element, view}
const main = document.getElementById('main');
let current = '';

// #explorer/users.getUsers -> ["explorer", "users.getUsers"]
function place() {
  const [name, ...rest] = decodeURIComponent(location.hash.slice(1)).split('/');
  if (name === 'session' && state.account) return ['account', state.account];
  return views[name] ? [name, rest.join('/')] : [state.user ? 'chats' : 'signin', ''];
}

async function show() {
  const [name] = place();
  document.title = `${views[name].title} · streamjson`;
  if (!made.has(name)) {
    const element = h('section', { class: `view ${name}`, hidden: true });
    made.set(name, { element });
    main.append(element);
    const module = await views[name].load();
    made.get(name).view = module.make(element);
  }
  if (place()[0] !== name) return;
  const moved = current && current !== name; // the first view leaves the focus at the top of the page
  current = name;
  for (const [other, { element, view }] of made) {
    if (other !== name && !element.hidden) view?.leave?.();
    element.hidden = other !== name;
  }
  header();
  const { element, view } = made.get(name);
  await view?.enter?.(place()[1]); // where somebody has gone meanwhile, while the view was loading
  if (moved) (element.querySelector('[data-focus]') ?? main).focus({ preventScroll: true });
}

const trouble = () =>
  state.connection === 'open' && state.link && !/^(ready|open|connected)$/.test(state.link.state);

function header() {
  const { server, user, connection, link, account } = state;
  const kind = server?.telegram ?? 'unknown';
  document.documentElement.dataset.telegram = kind;
  const troubled = trouble() ? link.state : '';
  fill(
    document.getElementById('where'),
    h('span', {
      class: `dot ${connection === 'open' ? (troubled ? 'waiting' : 'on') : 'off'}`,
      'aria-hidden': 'true',
    }),
    h('span.kind', server ? telegramName(server) : connection === 'locked' ? 'Locked' : 'Connecting…'),
    server?.dc && h('span.dc', `DC ${(account ? tg.account : state.session)?.dc ?? server.dc}`),
    troubled && h('span.dc', troubled),
  );
  fill(
    document.getElementById('views'),
    Object.entries(views)
      .filter(([name]) => name !== (user ? 'signin' : '') && name !== (account ? 'session' : 'account'))
      .map(([name, { title }]) => {
        const href = name === 'account' ? `#account/${account}` : `#${name}`;
        return h('a', { href, 'aria-current': name === current ? 'page' : null }, title);
      }),
  );
  fill(
    document.getElementById('who'),
    server?.store && (!server.scope || server.scope.some((word) => word.startsWith('accounts=')))
      ? accountsButton()
      : user && h('a.user', { href: '#session', title: 'Session' }, fullName(user) || 'Signed in'),
    themeButton(),
  );
  banner();
}

function accountsButton() {
  const { user, account } = state;
  const name = account ?? (user ? fullName(user) || 'Signed in' : 'Accounts');
  return h(
    'button.user',
    {
      'aria-haspopup': 'dialog',
      title: account && user ? fullName(user) : 'Accounts',
      onclick: () => import('./accounts/menu.js').then(({ openMenu }) => openMenu()),
    },
    h('span.offscreen', 'Accounts: '),
    h('span.user-name', name),
    h('span', { 'aria-hidden': 'true' }, '▾'),
  );
}

const themes = { auto: ['◐', 'as the system has it'], light: ['○', 'light'], dark: ['●', 'dark'] };
function themeButton() {
  const now = theme.get();
  const names = Object.keys(themes);
  const next = names[(names.indexOf(now) + 1) % names.length];
  return h(
    'button.theme',
    {
      'aria-label': `Colours: ${themes[now][1]}. Change to ${themes[next][1]}`,
      title: `Colours: ${themes[now][1]}`,
      onclick: () => (theme.set(next), paint(), header(), document.querySelector('.theme').focus()),
    },
    themes[now][0],
  );
}
function paint() {
  const now = theme.get();
  now === 'auto'
    ? delete document.documentElement.dataset.theme
    : (document.documentElement.dataset.theme = now);
}

function banner() {
  const element = document.getElementById('banner');
  const { connection, reason } = state;
  const text =
    connection === 'lost' || connection === 'closed'
      ? `Not connected to the gateway (${reason}). Trying again…`
      : trouble() && state.link.reason
        ? inWords({ name: 'ConnectionError', reason: state.link.reason })
        : '';
  if (element.dataset.text !== text) {
    element.dataset.text = text;
    const again = () => (forget(), (location.hash = '#signin'));
    fill(element, text, isDead(state.link) && h('button.small', { onclick: again }, 'Forget this session'));
  }
  element.hidden = !text;
}

// A gateway that wants a token: nothing else works before it has one.
let lock = null;
function locked() {
  if (state.connection !== 'locked') {
    lock?.remove();
    lock = null;
    return;
  }
  if (lock) lock.remove();
  import('./signin/lock.js').then(({ lockDialog }) => {
    if (state.connection !== 'locked') return;
    lock = lockDialog(state.reason, unlock);
    document.body.append(lock);
    lock.showModal();
  });
}

paint();
let wasUser = null;
subscribe((now, change) => {
  header();
  if ('connection' in change) locked();
  if ('user' in change && Boolean(now.user) !== Boolean(wasUser)) {
    wasUser = now.user;
    // Whoever has signed in wants to see something; whoever has signed out, the form.
    if (current === 'signin' && now.user) location.hash = '#chats';
    else if (!now.user && now.checked && current === 'chats') location.replace('#signin');
  }
  if (change.checked && !now.user && current === 'chats') location.replace('#signin');
});
addEventListener('hashchange', show);
// A reload forgets a session that is not kept: the browser asks first.
addEventListener('beforeunload', (event) => (state.account ? state.own : state.user) && !kept() && event.preventDefault());
header();
start();
show();
