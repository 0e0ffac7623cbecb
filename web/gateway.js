// The console's one connection, what is known about it, and who is signed in. Views subscribe.
import { Client } from './client.js';
import { accountStore, keep, kept, lastSignIn, pending, rememberPending, tokenStore } from './store.js';
import * as log from './wire_log.js';
import { fullName, inWords } from './ui/words.js';

export const state = {
  connection: 'connecting', // connecting, open, lost, closed, locked (a token is wanted)
  reason: '',
  retryAt: 0,
  server: null, // {telegram, dc, host, port, accounts, store, scope}
  account: null, // the name of one that the gateway keeps; null: a session of our own
  options: null,
  link: null, // the gateway's link to Telegram
  session: null, // our own
  user: null,
  own: null, // who is signed in with our own session, meanwhile
  checked: false, // whether it was asked who is signed in
  step: null, // how far the sign-in of an account has come, where it was under way
  notice: '', // why somebody who was signed in has to do it again
};

const listeners = new Set();
export const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));
export function set(change) {
  if (change.user && !state.account)
    lastSignIn.set({ name: fullName(change.user), phone: change.user.phone });
  Object.assign(state, change);
  for (const listener of listeners) listener(state, change);
}

export let tg = null;
const updateListeners = new Set();
export const onUpdate = (listener) => (updateListeners.add(listener), () => updateListeners.delete(listener));
const signinListeners = new Set();
export const onSignin = (listener) => (signinListeners.add(listener), () => signinListeners.delete(listener));

// A path of this gateway's over HTTP.
export function http(path, { body, ...options } = {}) {
  const token = tokenStore.get();
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  return fetch(path, { headers, body: body && JSON.stringify(body), ...options });
}

const wanted = { events: true }; // of every connection
export function start() {
  const account = accountStore.get();
  const session = account ? null : (state.session ?? kept()?.session ?? pending()?.session);
  state.account = account;
  const client = new Client(location.origin, {
    account,
    session: session ?? undefined,
    token: tokenStore.get() ?? undefined,
    options: { ...wanted },
    on: {
      sent: (object) => log.add('sent', object),
      received: (object) => (log.add('received', object), revoked(object.message)),
      session: (value) => takeSession(value),
      link: (link) => client === tg && linkChanged(link),
      update: (update) => updateListeners.forEach((listener) => listener(update)),
      signin: (value) => {
        if (account && state.user && value.state === 'start') forget(value.reason);
        signinListeners.forEach((listener) => listener(value));
      },
      connection: (event) => connectionChanged(client, event, Boolean(session)),
    },
  });
  tg = client;
}

async function connectionChanged(client, event, hadSession) {
  if (client !== tg) return;
  if (event.state === 'open') {
    set({ connection: 'open', reason: '' });
    const { server, options } = await aboutGateway(client);
    if (client !== tg || !server) return;
    set({ server, options });
    if (state.account) await whoAmI();
    else if (!event.again) await whoAmI(hadSession && !pending());
  } else if (event.state === 'lost') {
    set({
      connection: 'lost',
      reason: event.reason,
      retryAt: Date.now() + event.retry_in * 1000,
      link: null,
    });
  } else if (event.state === 'closed') {
    if (event.error?.name === 'Closed') return;
    if (event.error?.name === 'Unauthorized')
      return set({ connection: 'locked', reason: tokenStore.get() ? event.reason : '' });
    if (state.account && /^(Forbidden|NoSuchAccount)$/.test(event.error?.name)) {
      speakAs(null);
      return set({ notice: event.reason });
    }
    if (event.error?.name === 'SessionError') {
      keep(null);
      rememberPending(null);
      set({ session: null, reason: event.reason });
    }
    const wait = 3000;
    set({ connection: 'closed', reason: event.reason, retryAt: Date.now() + wait });
    setTimeout(() => tg === client && start(), wait);
  } else if (state.connection !== 'lost') set({ connection: 'connecting' });
}

// Who speaks as an account has no say in where Telegram is, so another connection is asked.
async function aboutGateway(client) {
  const request = { server: {}, options: { ...wanted, events: undefined } };
  try {
    if (state.account) return await (await http('/json', { method: 'POST', body: request })).json();
    return await client.request(request);
  } catch {
    return {};
  }
}

// Asks Telegram whose session this is, where there is one.
export async function whoAmI(ask = true) {
  if (ask) {
    const client = tg;
    try {
      const answer = await client.signin({});
      if (client !== tg) return;
      if (answer.state === 'done') set({ user: answer.user });
      else if (state.account) set({ user: null, step: answer });
    } catch {
      // Not signed in, or not reachable: the sign-in form says more.
    }
  }
  set({ checked: true });
}

// Speaks as an account that the gateway keeps, or is to keep; null: with our own session.
export function speakAs(account) {
  accountStore.set(account);
  tg.close();
  const own = state.account ? state.own : state.user;
  set({ account, own, user: null, checked: false, step: null, link: null, notice: '' });
  start();
}

// What initConnection tells Telegram, for this connection and those after it.
export async function setOptions(change) {
  Object.assign(wanted, change);
  if (!state.account) set({ options: await tg.options(change) });
  else speakAs(state.account); // one that nobody has signed in to can't be told
}

// The session was ended, here or elsewhere: there is nothing to go on with. Who asked hears it first.
const ENDED = /^(AUTH_KEY_UNREGISTERED|SESSION_REVOKED|SESSION_EXPIRED|USER_DEACTIVATED(_BAN)?)$/;
function revoked(answer) {
  if (state.user && answer?._cons === 'rpc_error' && ENDED.test(answer.error_message))
    setTimeout(() => state.user && forget(inWords(answer)));
}

// A key that Telegram does not know opens nothing. A sandbox forgets its keys at every start; what a
// person has of the real Telegram is not thrown away unasked.
export const isDead = (link) => link?.state === 'failed' && /\(-404\)/.test(link.reason ?? '');
function linkChanged(link) {
  set({ link });
  if (isDead(link) && (state.session || state.account) && state.server?.telegram === 'sandbox')
    forget('This sandbox was started anew and knows nobody from before. Sign in again.');
}

function takeSession(session) {
  set({ session });
  if (kept()) keep({ session });
}

export function unlock(token) {
  tokenStore.set(token);
  set({ connection: 'connecting', reason: '' });
  start();
}

export function signedIn(user) {
  if (!state.account) rememberPending(null);
  set({ user, notice: '' });
}

// Goes on with the session that somebody pasted. Rejects in words of the gateway.
export async function useSession(session) {
  await tg.useSession(session);
  rememberPending(null);
  set({ user: null });
  const answer = await tg.signin({});
  if (answer.state === 'done') set({ user: answer.user });
  return answer;
}

export function forget(notice = '') {
  if (state.account) return set({ user: null, notice });
  lastSignIn.set(null);
  keep(null);
  rememberPending(null);
  tg.close();
  set({ session: null, user: null, link: null, notice });
  start();
}

export const telegramName = (server) =>
  ({ production: 'Telegram', test: 'Test servers', sandbox: 'Sandbox', custom: 'Custom server' })[
    server?.telegram
  ] ?? '…';
