// Signing in, step by step. The gateway knows the protocol; this shows the state that it is in.
import { check, field, fill, h, toast } from '../ui/dom.js';
import {
  onSignin,
  setOptions,
  signedIn,
  speakAs,
  state as app,
  subscribe,
  telegramName,
  tg,
} from '../gateway.js';
import { keep, kept, lastSignIn, pending, rememberPending } from '../store.js';
import { about } from './about.js';
import { fullName, inWords } from '../ui/words.js';
import { fromFile } from './from_file.js';
import * as steps from './steps.js';

const WHERE = {
  sandbox: 'A Telegram in a box: nothing here is real, and it is forgotten when the server stops.',
  test: "Telegram's test servers. Their accounts are wiped now and then.",
  production: 'The real Telegram, with your real account.',
  custom: 'A server that somebody has set up.',
};

export function make(root) {
  let state = { state: 'start' };
  let at = Date.now();
  let way = 'phone';
  let shown = null;
  let busy = false;
  let keepTicked = Boolean(kept());
  let ranInto = null; // what went wrong without a field to say it at
  let riddle = null; // the step for which Telegram wants a reCAPTCHA, and which

  // Stays as it is while the page around it is made anew: a file is being read.
  const file = fromFile(() => {
    keepSession();
    location.hash = '#chats';
  });

  const before = pending();
  if (before && before.state?.state !== 'qr') ({ state, at } = before);

  const keepSession = () => keepTicked && !app.account && keep({ session: app.session });
  const remember = () =>
    !app.account &&
    rememberPending(
      ['code', 'password', 'email', 'sign_up'].includes(state.state)
        ? { state: { ...state, error: undefined }, at, session: app.session }
        : null,
    );

  function take(next) {
    const error = next.error;
    const same = next.state === state.state;
    state = { ...next, error: undefined };
    if (!error || !same) at = Date.now();
    remember();
    if (state.state === 'done') {
      keepSession();
      urge(state);
      signedIn(state.user);
      state = { state: 'start' };
      at = Date.now();
    }
    return { error, same };
  }

  const urge = ({ setup_password_required, otherwise_relogin_days: days }) =>
    setup_password_required &&
    toast(
      `Telegram urges this account to set up a two-step password${days ? `: without one, a code by SMS lets it in only after ${days} days` : ''}.`,
    );

  // Takes one step; what is refused is said at `place`, which stays on the page unless the state moved.
  async function go(step, place, recaptcha_token) {
    if (busy) return null;
    busy = true;
    app.notice = '';
    root.setAttribute('aria-busy', 'true');
    let failure = null;
    let moved = true;
    try {
      const next = recaptcha_token
        ? (await tg.request({ signin: step, recaptcha_token })).signin
        : await tg.signin(step);
      const { error, same } = take(next);
      failure = error;
      moved = !(error && same);
    } catch (error) {
      failure = error;
      moved = false;
    }
    busy = false;
    root.removeAttribute('aria-busy');
    riddle = failure?.recaptcha ? { ...failure.recaptcha, step, go } : null;
    const words = riddle ? '' : inWords(failure);
    if (moved) {
      ranInto = words || (step.form_id && state.state === 'payment' && 'Telegram has not been paid yet.');
      render(true);
    } else if (place && !riddle) place.fail(words);
    else {
      ranInto = words;
      render(true);
    }
    return !failure;
  }

  async function as(account) {
    if (account.bot_token) return go({ bot_token: account.bot_token });
    if (!(await go({ phone: account.phone })) || state.state !== 'code' || !account.code) return;
    if (!(await go({ phone: state.phone, phone_code_hash: state.phone_code_hash, code: account.code })))
      return;
    if (state.state === 'password' && account.password) await go({ password: account.password });
  }

  const keepBox = () =>
    check('Stay signed in on this browser', {
      checked: keepTicked,
      onchange: (event) => {
        keepTicked = event.target.checked;
        if (!keepTicked) keep(null);
      },
      note: "Whoever can open this browser's profile then has the account. Otherwise it is forgotten on reload.",
    });

  // api_id and api_hash, where the server has none of its own.
  function apiFields() {
    if (!app.server || app.server.telegram === 'sandbox' || app.options?.api_id) return null;
    const id = field({ label: 'api_id', inputmode: 'numeric', autocomplete: 'off' });
    const hash = field({ label: 'api_hash', autocomplete: 'off', spellcheck: 'false' });
    const save = async () => {
      if (!/^\d+$/.test(id.input.value.trim())) return id.fail('api_id is a number.');
      if (!/^[0-9a-f]{32}$/i.test(hash.input.value.trim()))
        return hash.fail('api_hash is 32 hexadecimal digits.');
      try {
        await setOptions({ api_id: Number(id.input.value), api_hash: hash.input.value.trim() });
      } catch (error) {
        id.fail(inWords(error));
      }
    };
    const pair = steps.form(h('div.pair', id.element, hash.element), save, 'Use these');
    return h(
      'div.api',
      h(
        'p.lead',
        'This server has no api_id of its own. Get a pair at my.telegram.org, under API development tools.',
      ),
      pair,
    );
  }

  function start() {
    const needsApi = apiFields();
    if (needsApi) return { element: needsApi };
    const ways = { phone: 'Phone', qr: 'QR code', bot: 'Bot', ...(!app.account && { file: 'File' }) };
    const tabs = h(
      'div.segments',
      { role: 'group', 'aria-label': 'How to sign in' },
      Object.entries(ways).map(([name, label]) =>
        h(
          'button',
          {
            'aria-pressed': String(way === name),
            onclick: () => ((way = name), (ranInto = null), name === 'qr' ? go({ qr: true }) : render(true)),
          },
          label,
        ),
      ),
    );
    if (way === 'qr')
      return {
        element: [
          tabs,
          h('p.lead', 'Scan a code with a device that is signed in already.'),
          h('button.primary', { onclick: () => go({ qr: true }) }, 'Show the code'),
        ],
      };
    if (way === 'file') return { element: [tabs, file] };
    const step = steps[way]({ go });
    const before = app.account ? null : lastSignIn.get();
    const accounts = app.server?.accounts ?? [];
    return {
      ...step,
      element: [
        before?.phone &&
          way === 'phone' &&
          h(
            'div.again',
            { role: 'note' },
            h(
              'p',
              `You were signed in as ${before.name}. The session was not kept, so a reload has forgotten it.`,
            ),
            h('button', { onclick: () => go({ phone: before.phone }) }, `Sign in as ${before.name} again`),
          ),
        tabs,
        step.element,
        accounts.length > 0 &&
          h(
            'div.offered',
            h('h2', 'Or sign in as'),
            h(
              'ul',
              accounts.map((account) =>
                h(
                  'li',
                  h(
                    'button',
                    { onclick: () => as(account) },
                    h('span', account.name ?? account.phone ?? 'Bot'),
                    h('span.note', account.phone ? '+' + account.phone : 'bot'),
                  ),
                ),
              ),
            ),
          ),
      ],
    };
  }

  const heading = {
    start: 'Sign in',
    code: 'Enter the code',
    password: 'Password',
    email: 'E-mail',
    sign_up: 'Sign up',
    qr: 'Scan to sign in',
    payment: 'A code that costs',
    other: 'One more step',
  };

  function render(focus = false) {
    shown?.stop?.();
    if (app.user) {
      shown = null;
      return fill(
        root,
        h(
          'div.narrow',
          h('h1', `Signed in as ${fullName(app.user)}`),
          h(
            'p.row',
            h('a.button.primary', { href: '#chats' }, 'Chats'),
            h('a.button', { href: '#session' }, app.account ? 'Account' : 'Session'),
          ),
        ),
      );
    }
    shown =
      state.state === 'start' || !steps[state.state]
        ? start()
        : steps[state.state]({ state, at, go, busy: () => busy, server: app.server });
    const back =
      state.state !== 'start' &&
      h('button.quiet.back', { onclick: () => ((way = 'phone'), go({ cancel: true })) }, '← Start again');
    fill(
      root,
      h(
        'div.narrow',
        back,
        h('h1', { 'data-focus': true, tabindex: '-1' }, heading[state.state] ?? heading.start),
        app.account && h('p', 'The gateway will keep this account under the name ', h('strong.mono', app.account), '.'),
        state.state === 'start' &&
          app.server &&
          h('p.lead', h('strong', telegramName(app.server) + '. '), WHERE[app.server.telegram] ?? ''),
        (ranInto || app.notice) && h('p.problem', { role: 'alert' }, ranInto || app.notice),
        riddle && steps.rare('recaptcha', riddle).element,
        shown.element,
        app.account
          ? h('div.row', h('button', { onclick: () => speakAs(null) }, 'Back to your own session'))
          : [keepBox(), state.state === 'start' && about()],
      ),
    );
    if (focus) (shown.focus?.input ?? root.querySelector('h1')).focus();
  }

  onSignin((next) => {
    if (app.user) return;
    const from = state.state;
    const { error } = take(next);
    ranInto = inWords(error) || null;
    render(from !== state.state);
  });
  subscribe((now, change) => {
    // Fresh codes are pushed to the connection that asked; a new connection asks anew.
    if (change.connection === 'open' && state.state === 'qr' && !now.user) go({ qr: true });
    if ('session' in change && pending()) remember();
    if ('account' in change) {
      state = { state: 'start' };
      way = 'phone';
      ranInto = riddle = null;
    }
    if (change.step) {
      take(change.step);
      render(true);
    }
    if ('server' in change || 'user' in change || 'options' in change) {
      if ('user' in change && !now.user && !change.step) state = { state: 'start' };
      if (state.state === 'start') {
        const typed = shown?.focus?.input.value; // by who was quicker than the connection
        render(root.contains(document.activeElement) && document.activeElement.tagName === 'INPUT');
        if (typed && shown?.focus) shown.focus.input.value = typed;
      }
    }
  });
  if (app.step) take(app.step);
  render();
  return {};
}
