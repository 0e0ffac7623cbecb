// The session: what it is, taking it elsewhere, bringing one here, forgetting it.
import { check, confirm, copy, download, facts, field, fill, h, problemLine } from './ui/dom.js';
import { forget, set, state, subscribe, telegramName, tg, useSession } from './gateway.js';
import { stringify } from './client.js';
import { keep, kept, lastSignIn } from './store.js';
import { fullName, inWords } from './ui/words.js';

const rare = () => import('./signin/rare.js');

// For who is signed in and could not sign in again.
export function forgotten() {
  const said = h('div.below');
  const ask = async () => (await rare()).resetPassword(said);
  return [
    h('div.row', h('button.quiet.small', { onclick: ask }, 'I have forgotten my two-step password')),
    said,
  ];
}

export function make(root) {
  const now = h('div.card');
  const line = async () => stringify({ id: 1, session: await tg.session() });
  const { element: problem, guard } = problemLine();

  const paste = field(
    {
      label: 'A session line',
      rows: 4,
      spellcheck: 'false',
      autocomplete: 'off',
      class: 'mono',
      note: 'As signin-cli prints it, as session.json holds it, or as this page copies it.',
    },
    'textarea',
  );
  const take = async (event) => {
    event.preventDefault();
    const given = paste.input.value.trim();
    if (!given) return paste.fail('Paste a session first.');
    if (!given.startsWith('{'))
      return paste.fail('This is no session line: that is JSON with an auth_key in it.');
    try {
      const answer = await useSession(given);
      paste.input.value = '';
      if (answer.state === 'done') location.hash = '#chats';
      else paste.fail('The gateway has taken this session, but nobody is signed in with it.');
    } catch (error) {
      paste.fail(state.notice || inWords(error));
    }
  };

  const code = h('div.below');
  const showCode = async () =>
    code.firstChild ? fill(code) : fill(code, (await rare()).sessionCode(await tg.session()));
  const copyLine = async () => copy(await line(), 'Session copied: keep it secret');
  const save = async () => download('session.json', (await line()) + '\n');
  const reset = forgotten();
  const allows = h('div.below');

  let shown = false;
  function render() {
    const { session, server, user } = state;
    const rows = {
      'Signed in as': user ? `${fullName(user)}${user.username ? ` (@${user.username})` : ''}` : 'nobody',
      Telegram: server && `${telegramName(server)}, data centre ${session?.dc ?? server.dc ?? '?'}`,
      session_id: session?.session_id,
      last_seqno: session?.last_seqno,
      auth_key: session && (shown ? session.auth_key : '256 bytes, not shown'),
    };
    fill(
      now,
      session
        ? [
            facts(rows),
            h(
              'div.row',
              h('button.primary', { onclick: guard(copyLine) }, 'Copy the line'),
              h('button', { onclick: guard(save) }, 'Save session.json'),
              h(
                'button',
                { 'aria-pressed': String(shown), onclick: () => ((shown = !shown), render()) },
                shown ? 'Hide the key' : 'Show the key',
              ),
              h('button', { onclick: guard(showCode) }, 'As a QR code'),
            ),
            code,
            h('p.note', 'Whoever has this line is signed in, without code or password.'),
            check('Keep it in this browser', {
              checked: Boolean(kept()),
              note: 'Otherwise it is forgotten when the page is reloaded or closed.',
              onchange: (event) => keep(event.target.checked ? { session: state.session } : null),
            }),
            h(
              'div.row.apart',
              h('button', { onclick: () => (forget(), (location.hash = '#signin')) }, 'Forget it here'),
              user && h('button.danger', { onclick: guard(signOut) }, 'Sign out of Telegram'),
            ),
            user && !user.bot && reset,
          ]
        : h('p', 'There is no session yet. It begins with the first thing that is asked of Telegram.'),
    );
  }

  async function signOut() {
    const sure = await confirm({
      title: 'Sign out?',
      text: 'The session ends at Telegram: this key will open nothing any more, here or anywhere.',
      yes: 'Sign out',
    });
    if (!sure) return;
    const answer = await tg.signOut();
    if (answer.error)
      throw Object.assign(new Error(answer.error.error_message), { name: answer.error._name });
    keep(null);
    lastSignIn.set(null);
    set({ user: null });
    location.hash = '#signin';
  }

  fill(
    root,
    h(
      'div.narrow',
      h('h1', { 'data-focus': true, tabindex: '-1' }, 'Session'),
      now,
      problem,
      allows,
      h('h2', 'Go on with another'),
      h(
        'form',
        { onsubmit: take, novalidate: true },
        paste.element,
        h('div.row', h('button.primary', { type: 'submit' }, 'Use this session')),
      ),
    ),
  );
  subscribe((_, change) => ('session' in change || 'user' in change || 'server' in change) && render());
  render();
  return {
    async enter() {
      render();
      const scope = state.server?.scope;
      if (scope) fill(allows, (await import('./accounts/scope.js')).scopeInWords(scope));
    },
    leave: () => ((shown = false), fill(code)),
  };
}
