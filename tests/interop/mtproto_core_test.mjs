// @mtproto/core: obfuscated intermediate, the older RSA scheme, a layer from 2023. It is a set of raw
// calls; what an application does around them is done here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../e2e/support/client.mjs';
import { mtprotoCoreClient } from './support/mtproto_core.mjs';
import { withVersion } from './support/packages.mjs';
import { Sandbox, within } from './support/sandbox.mjs';
import { mtprotoCore, mtprotoCoreLayer } from './support/schemes.mjs';
import { Table } from './support/table.mjs';

const table = new Table();
const transport = 'intermediate, obfuscated';
const row = table.row(withVersion('@mtproto/core'), mtprotoCoreLayer, transport);
let sandbox;

before(async () => {
  sandbox = await Sandbox.start([mtprotoCore]);
});
after(async () => {
  await sandbox?.close();
  table.close('mtproto_core');
});

// A Map is all that it wants of a storage.
function outsider(t, saved = new Map()) {
  return mtprotoCoreClient(t, sandbox, { instance: saved });
}

// Left to itself it makes keys for all data centres at once, each with seconds of arithmetic, and
// takes the authorization there.
const here = { syncAuth: false };

async function signIn(client, phone, { password, options } = {}) {
  const { phone_code_hash } = await client.call('auth.sendCode', {
    phone_number: phone, settings: { _: 'codeSettings' } });
  const code = { phone_number: phone, phone_code_hash, phone_code: phone[5].repeat(5) };
  if (!password) return (await client.call('auth.signIn', code, options)).user;
  await assert.rejects(client.call('auth.signIn', code), { error_message: 'SESSION_PASSWORD_NEEDED' });
  return (await checkPassword(client, password)).user;
}

async function checkPassword(client, password) {
  const { srp_id, current_algo, srp_B } = await client.call('account.getPassword');
  const { g, p, salt1, salt2 } = current_algo;
  const { A, M1 } = await client.crypto.getSRPParams({ g, p, salt1, salt2, gB: srp_B, password });
  return client.call('auth.checkPassword', { password: { _: 'inputCheckPasswordSRP', srp_id, A, M1 } },
    here);
}

// The first of the updates of that sort, from within whatever brings it.
function heard(client, sort, wanted = () => true) {
  return within(10_000, sort, new Promise((resolve) => {
    const look = (update) => update._ === sort && wanted(update) && resolve(update);
    client.updates.on('updates', ({ updates }) => updates.forEach(look));
    client.updates.on('updateShort', ({ update }) => look(update));
  }));
}

const self = { _: 'inputUserSelf' };
const me = async (client, options) => (await client.call('users.getUsers', { id: [self] }, options))[0];

async function live(t) {
  const saved = new Map();
  const client = outsider(t, saved);
  assert.equal((await signIn(client, '9996620001')).first_name, 'Ada');
  assert.equal((await me(client, { dcId: 3 })).first_name, 'Ada');
  row.did('code');

  const { dialogs, users } = await client.call('messages.getDialogs', {
    offset_peer: { _: 'inputPeerEmpty' }, limit: 20 });
  assert.ok(dialogs.length >= 3, `${dialogs.length} dialogs`);
  assert.ok(users.some(({ username }) => username === 'echobot'));
  row.did('dialogs');

  const bot = (await client.call('contacts.resolveUsername', { username: 'echobot' })).users[0];
  const echo = heard(client, 'updateNewMessage',
    ({ message }) => !message.out && message.message === 'hello from 2023');
  const sent = await client.call('messages.sendMessage', { message: 'hello from 2023', random_id: `${Date.now()}`,
    peer: { _: 'inputPeerUser', user_id: bot.id, access_hash: bot.access_hash } });
  assert.match(sent._, /^update/);
  row.did('send');
  assert.equal((await echo).message.peer_id.user_id, bot.id);
  row.did('update');

  client.hangUp();
  const again = outsider(t, saved);
  assert.equal((await me(again)).first_name, 'Ada');
  row.did('come back');

  assert.equal((await again.call('auth.logOut'))._, 'auth.loggedOut');
  await assert.rejects(me(again), { error_code: 401, error_message: 'AUTH_KEY_UNREGISTERED' });
  row.did('sign out');
}

test('a session from sign-in to sign-out', { timeout: 40_000 }, async (t) => {
  assert.deepEqual(await sandbox.listen(() => live(t)), [transport]);
});

test('signs in with a two-step password, wrong first', { timeout: 40_000 }, async (t) => {
  const client = outsider(t);
  await assert.rejects(signIn(client, '9996620002', { password: 'not this' }), { error_message: 'PASSWORD_HASH_INVALID' });
  assert.equal((await checkPassword(client, 'sandbox')).user.first_name, 'Grace');
  row.did('password');
});

test('follows an account to its home data centre', { timeout: 40_000 }, async (t) => {
  const client = outsider(t);
  await assert.rejects(signIn(client, '9996610003'), { error_code: 303, error_message: 'PHONE_MIGRATE_1' });
  await client.setDefaultDc(1);
  assert.equal((await signIn(client, '9996610003', { options: here })).first_name, 'Alan');
});

test('signs in as a bot', { timeout: 40_000 }, async (t) => {
  const client = outsider(t);
  const { user } = await client.call('auth.importBotAuthorization', { bot_auth_token: '1000001:sandbox-echobot' },
    here);
  assert.equal(user.username, 'echobot');
  row.did('bot');
});

test('shows a code that the gateway\'s client scans', { timeout: 40_000 }, async (t) => {
  const scanner = await Client.connect(sandbox.gateway.port);
  t.after(() => scanner.close());
  await scanner.signIn('9996620001');
  const client = outsider(t);
  const { token } = await client.call('auth.exportLoginToken', { except_ids: [] });
  const scanned = heard(client, 'updateLoginToken');
  await scanner.call({ _cons: 'auth.acceptLoginToken', token: Buffer.from(token).toString('base64') });
  await scanned;
  const { _, authorization } = await client.call('auth.exportLoginToken', { except_ids: [] });
  assert.equal(_, 'auth.loginTokenSuccess');
  assert.equal(authorization.user.first_name, 'Ada');
  row.did('QR');
});
