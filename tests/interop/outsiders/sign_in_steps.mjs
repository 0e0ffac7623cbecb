// How a life begins: each way of signing in, with a session of its own; the first one's goes on.
import assert from 'node:assert/strict';
import { Client } from '../../e2e/support/client.mjs';
import { find } from './plain.mjs';

const self = { _: 'inputUserSelf' };
const app = { api_id: 12345, api_hash: 'abcdef' };

async function sendCode(outsider, phone_number) {
  const sent = await outsider.call('auth.sendCode', { phone_number, ...app, settings: { _: 'codeSettings' } });
  return { phone_number, phone_code_hash: sent.phone_code_hash };
}
const code = (phone) => phone[5].repeat(5);
// With that error, in the library's own words for it: SESSION_PASSWORD_NEEDED, SessionPasswordNeededError …
const refused = (call, name) => assert.rejects(call, (error) => {
  const said = `${error.text ?? error.errorMessage ?? error.message}`;
  assert.ok(said.replaceAll('_', '').toLowerCase().includes(name.replaceAll('_', '').toLowerCase()), said);
  return true;
});

async function byPhone(life) {
  const phone = '9996620001';
  const { user } = await life.me.call('auth.signIn', { ...await sendCode(life.me, phone), phone_code: code(phone) });
  assert.equal(user.first_name, 'Ada');
  life.user = user;
  await life.me.signedIn();
}

async function byPassword(life) {
  const phone = '9996620002';
  const other = await life.newcomer();
  const asked = await sendCode(other, phone);
  await refused(other.call('auth.signIn', { ...asked, phone_code: code(phone) }), 'SESSION_PASSWORD_NEEDED');
  await refused(other.checkPassword('not this'), 'PASSWORD_HASH_INVALID');
  assert.equal((await other.checkPassword('sandbox')).user.first_name, 'Grace');
  await other.close();
}

async function byQr(life) {
  const other = await life.newcomer();
  const scanner = await Client.connect(life.sandbox.gateway.port);
  life.scope.after(() => scanner.close());
  await scanner.signIn('9996620001');
  const ask = () => other.call('auth.exportLoginToken', { ...app, except_ids: [] });
  const { token } = await ask();
  await scanner.call({ _cons: 'auth.acceptLoginToken', token: token.toString('base64') });
  const done = await ask();
  assert.equal(done._, 'loginTokenSuccess');
  assert.equal(done.authorization.user.first_name, 'Ada');
  await other.close();
}

async function signUp(life) {
  const phone = '9996620777';
  const other = await life.newcomer();
  const asked = await sendCode(other, phone);
  const answer = await other.call('auth.signIn', { ...asked, phone_code: code(phone) });
  assert.equal(answer._, 'authorizationSignUpRequired');
  const { user } = await other.call('auth.signUp', { ...asked, first_name: 'Hedy', last_name: 'Lamarr' });
  assert.equal(user.first_name, 'Hedy');
  await other.close();
}

async function asBot(life) {
  const other = await life.newcomer();
  const { user } = await other.call('auth.importBotAuthorization', { flags: 0, ...app,
    bot_auth_token: '1000001:sandbox-echobot' });
  assert.equal(user.username, 'echobot');
  await other.close();
}

async function atStart({ me }) {
  assert.equal((await me.call('help.getConfig')).this_dc, 2);
  await me.call('help.getNearestDc');
  await me.call('account.updateStatus', { offline: false });
  assert.ok(find(await me.call('updates.getState'), 'state'));
}

async function ownProfile({ me }) {
  const whole = await me.call('users.getFullUser', { id: self });
  assert.equal(find(whole, 'user').first_name, 'Ada');
  await me.call('account.updateProfile', { about: 'counts' });
  assert.equal((await me.call('users.getFullUser', { id: self })).full_user.about, 'counts');
}

async function sessions({ me }) {
  const { authorizations } = await me.call('account.getAuthorizations');
  assert.ok(authorizations.some(({ current }) => current), 'none is the current one');
}

export const signInSteps = [
  ['sign in by phone', byPhone],
  ['sign in by password, wrong first', byPassword],
  ['sign in by QR', byQr],
  ['sign up', signUp],
  ['sign in as a bot', asBot],
  ['what is asked at start', atStart],
  ['own profile, and change it', ownProfile],
  ['list of sessions', sessions],
];

async function restart(life) {
  const saved = await life.me.save();
  await life.me.close();
  life.me = await life.me.again().open(life.scope, life.sandbox, saved);
  const [user] = await life.me.call('users.getUsers', { id: [self] });
  assert.equal(user.first_name, 'Ada');
}

async function catchUp(life) {
  const { pts, date, qts } = await life.me.call('updates.getState');
  await life.graceSays('while you were away');
  const missed = await life.me.call('updates.getDifference', { pts, date, qts });
  assert.ok(missed.new_messages.some(({ message }) => message === 'while you were away'), missed._);
}

async function logOut({ me }) {
  await me.call('auth.logOut');
  await refused(me.call('users.getUsers', { id: [self] }), 'AUTH_KEY_UNREGISTERED');
}

export const endSteps = [
  ['restart with the saved session', restart],
  ['what was missed: difference', catchUp],
  ['log out', logOut],
];
