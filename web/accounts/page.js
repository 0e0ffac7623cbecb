// One account that the gateway keeps: who it is, whether it stays connected, its webhooks, its log.
import { check, confirm, facts, fill, h, problemLine } from '../ui/dom.js';
import { speakAs, state, subscribe } from '../gateway.js';
import { fullName } from '../ui/words.js';
import { forgotten } from '../session.js';
import * as api from './api.js';
import { logOf } from './log.js';
import { choose } from './menu.js';
import { administers, scopeInWords } from './scope.js';
import { webhooksOf } from './webhooks.js';

const STATES = {
  done: 'signed in',
  start: 'nobody is signed in',
  code: 'waits for the code',
  password: 'waits for the two-step password',
  qr: 'waits for a QR code to be scanned',
};

export function make(root) {
  let name = '';
  let log = null;
  let turn = 0; // what is shown by now
  const page = h('div.narrow.account-page');
  fill(root, page);

  const isHere = () => name === state.account;
  const who = ({ user }) => {
    const known = [isHere() && state.user, state.own].find((one) => one && one.id === user?.id);
    return known ? `${fullName(known)}, user ${user.id}` : user ? `user ${user.id}` : 'nobody';
  };

  const { element: problem, say, guard } = problemLine();

  async function signOut() {
    const sure = await confirm({
      title: `Sign out of ${name}?`,
      text: 'The authorization ends at Telegram. The gateway forgets the account, its updates and its webhooks, for everybody who uses it.',
      yes: 'Sign out and forget',
    });
    if (!sure) return;
    const gone = name;
    const wasHere = isHere();
    name = ''; // nothing more is to be shown of it
    try {
      await api.signOut(gone);
    } catch (error) {
      name = gone;
      throw error;
    }
    log?.leave();
    if (wasHere) speakAs(null);
    location.hash = wasHere ? '#chats' : '#session';
  }

  function card(account, row) {
    const may = administers(state.server?.scope);
    const keep = check('Stay connected when nobody uses it', {
      checked: row?.keep === 'always',
      disabled: !may,
      note: 'Otherwise it leaves Telegram a minute after the last client, unless a webhook wants its updates; what it missed is asked for when somebody comes.',
      onchange: guard(async ({ target }) => {
        const wanted = target.checked;
        target.checked = !wanted; // until the gateway has said so
        await api.setKeep(name, wanted ? 'always' : 'attached');
        target.checked = wanted;
      }),
    });
    const rows = {
      'Signed in as': who(account),
      State: STATES[account.state] ?? account.state,
      'Data centre': account.dc,
    };
    return h(
      'div.card',
      facts(rows),
      h(
        'div.row',
        isHere()
          ? h('button', { onclick: () => choose(null) }, 'Back to your own session')
          : h('button.primary', { onclick: () => choose(name) }, `Speak as ${name}`),
      ),
      keep,
      h(
        'div.row.apart',
        h('span.note', may ? 'Its key is sealed in the gateway’s store.' : 'This token does not allow to change it.'),
        h('button.danger', { disabled: !may, onclick: guard(signOut) }, 'Sign out and forget'),
      ),
    );
  }

  async function show() {
    const mine = ++turn;
    const wanted = name;
    log?.leave();
    const heading = h('h1', { 'data-focus': true, tabindex: '-1' }, name);
    say();
    await api.styles();
    fill(page, heading, h('p.note', { role: 'status' }, 'One moment…'));
    try {
      const row = (await api.accounts()).find((one) => one.name === wanted);
      const account = row && (await api.account(wanted));
      if (mine !== turn) return;
      if (!row) return fill(page, heading, unknown());
      const { scope } = state.server ?? {};
      const webhooks = await webhooksOf(name, administers(scope), (number) => log.open(number));
      if (mine !== turn) return;
      log = logOf(name, account.update_seq);
      fill(
        page,
        heading,
        card(account, row),
        problem,
        isHere() && state.user && !state.user.bot && forgotten(),
        webhooks,
        log.element,
        scope && scopeInWords(scope),
      );
      log.enter();
    } catch (error) {
      fill(page, heading, problem);
      say(error);
    }
  }

  const unknown = () => [
    h('p.lead', 'Nobody has signed in to this account yet.'),
    h('div.row', h('button.primary', { onclick: () => choose(name) }, 'Sign in to it')),
  ];

  subscribe((_, change) => {
    if (name && !root.hidden && ('account' in change || 'user' in change)) show();
  });
  return {
    enter(rest) {
      name = rest || state.account || '';
      if (!api.A_NAME.test(name)) return location.replace(state.account ? `#account/${state.account}` : '#session');
      return show();
    },
    leave: () => (turn++, log?.leave()),
  };
}
