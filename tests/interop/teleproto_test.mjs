// teleproto, which came of GramJS and went on without it: full, abridged and obfuscated over TCP.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Client } from '../e2e/support/client.mjs';
import { addKey, answers, dialling } from './support/gramjs.mjs';
import { withVersion } from './support/packages.mjs';
import { Sandbox, within } from './support/sandbox.mjs';
import { Table } from './support/table.mjs';

const require = createRequire(import.meta.url);
const { Api, TelegramClient } = require('teleproto');
const { StringSession } = require('teleproto/sessions');
const { NewMessage } = require('teleproto/events');
const { EditedMessage } = require('teleproto/events/EditedMessage');
const { LogLevel, Logger } = require('teleproto/extensions/Logger');
const { LAYER } = require('teleproto/tl/AllTLObjects');
const connections = require('teleproto/network/connection');

const name = withVersion('teleproto');
const table = new Table();
let sandbox;

before(async () => {
  sandbox = await Sandbox.start();
  addKey(sandbox.key, 'teleproto');
});
after(async () => {
  await sandbox?.close();
  table.close('teleproto');
});

const transports = {
  full: connections.ConnectionTCPFull,
  abridged: connections.ConnectionTCPAbridged,
  'abridged, obfuscated': connections.ConnectionTCPObfuscated,
};

async function outsider(t, connection, saved = '') {
  const session = new StringSession(saved);
  if (!saved) session.setDC(2, '127.0.0.1', sandbox.dcs[2]);
  const client = new TelegramClient(session, 12345, 'abcdef', {
    connection: dialling(sandbox, connection), connectionRetries: 2,
    baseLogger: new Logger(process.env.TELEPROTO_LOG ?? LogLevel.NONE) });
  t.after(() => client.destroy());
  await client.connect();
  return client;
}

const heard = (client, event, wanted, what) => within(10_000, what, new Promise((resolve) => {
  client.addEventHandler(({ message }) => wanted(message) && resolve(message), event);
}));

async function live(t, transport, connection) {
  const row = table.row(name, LAYER, transport);
  const client = await outsider(t, connection);
  await client.start(answers('9996620001'));
  assert.equal((await client.getMe()).firstName, 'Ada');
  row.did('code');

  const dialogs = await client.getDialogs({});
  assert.ok(dialogs.length >= 3, dialogs.map((dialog) => dialog.title).join());
  row.did('dialogs');

  const text = `hello over ${transport}`;
  const echo = heard(client, new NewMessage({}), (message) => !message.out && message.message === text, 'echo');
  const sent = await client.sendMessage('echobot', { message: text });
  assert.equal(sent.message, text);
  row.did('send');
  assert.equal((await (await echo).getSender()).username, 'echobot');
  row.did('update');

  const saved = client.session.save();
  await client.destroy();
  const again = await outsider(t, connection, saved);
  assert.equal((await again.getMe()).firstName, 'Ada');
  row.did('come back');

  await again.invoke(new Api.auth.LogOut());
  assert.equal(await again.checkAuthorization(), false);
  row.did('sign out');
}

for (const [transport, connection] of Object.entries(transports)) {
  test(`${transport}: a session from sign-in to sign-out`, { timeout: 60_000 }, async (t) => {
    const spoken = await sandbox.listen(() => live(t, transport, connection));
    assert.deepEqual(spoken, [transport]);
  });
}

test('signs in with a two-step password, wrong first', { timeout: 60_000 }, async (t) => {
  const client = await outsider(t, transports.full);
  const given = ['not this', 'sandbox'];
  const refused = [];
  await client.start(answers('9996620002', { password: async () => given.shift(),
    onError: async (error) => void refused.push(error.errorMessage) }));
  assert.equal((await client.getMe()).firstName, 'Grace');
  assert.deepEqual(refused, ['PASSWORD_HASH_INVALID']);
  table.row(name, LAYER, 'full').did('password');
});

test('follows an account to its home data centre', { timeout: 60_000 }, async (t) => {
  const client = await outsider(t, transports.abridged);
  await client.start(answers('9996610003'));
  assert.equal((await client.getMe()).firstName, 'Alan');
  assert.equal(client.session.dcId, 1);
});

test('signs in as a bot', { timeout: 60_000 }, async (t) => {
  const client = await outsider(t, transports.full);
  await client.start({ botAuthToken: '1000001:sandbox-echobot' });
  assert.equal((await client.getMe()).username, 'echobot');
  table.row(name, LAYER, 'full').did('bot');
});

test('uploads a file and downloads it again', { timeout: 60_000 }, async (t) => {
  const client = await outsider(t, transports.full);
  await client.start(answers('9996620001'));
  const bytes = crypto.randomBytes(300_000);
  bytes.name = 'noise.bin';
  const sent = await client.sendFile('me', { file: bytes, forceDocument: true });
  assert.equal(sent.document.size.toJSNumber(), bytes.length);
  assert.ok(bytes.equals(await client.downloadMedia(sent)));
});

test('shows a code that the gateway\'s client scans', { timeout: 60_000 }, async (t) => {
  const scanner = await Client.connect(sandbox.gateway.port);
  t.after(() => scanner.close());
  await scanner.signIn('9996620001');
  // It goes to sleep for half a minute after each code, and nothing can wake it.
  const { setTimeout } = globalThis;
  t.mock.method(globalThis, 'setTimeout', (call, ms, ...args) => {
    const timer = setTimeout(call, ms, ...args);
    return ms === 30_000 ? timer.unref() : timer;
  });
  const client = await outsider(t, transports.full);
  const user = await client.signInUserWithQrCode({ apiId: 12345, apiHash: 'abcdef' }, {
    onError: async (error) => { throw error; },
    qrCode: ({ token }) => scanner.call({ _cons: 'auth.acceptLoginToken', token: token.toString('base64') }),
  });
  assert.equal(user.firstName, 'Ada');
  table.row(name, LAYER, 'full').did('QR');
});

test('hears, reads, edits and deletes together with a client of the gateway', { timeout: 60_000 }, async (t) => {
  const grace = await outsider(t, transports.full);
  await grace.start(answers('9996620002', { password: async () => 'sandbox' }));
  await grace.getDialogs({});
  const ada = await Client.connect(sandbox.gateway.port);
  t.after(() => ada.close());
  await ada.signIn('9996620001');
  const { users } = await ada.call({ _cons: 'contacts.importContacts', contacts: [{
    _cons: 'inputPhoneContact', client_id: 1, phone: '9996620002', first_name: 'Grace', last_name: '' }] });
  const peer = { _cons: 'inputPeerUser', user_id: users[0].id, access_hash: users[0].access_hash };

  const asked = heard(grace, new NewMessage({}), ({ message }) => message === 'tea?', 'question');
  const edited = heard(grace, new EditedMessage({}), ({ message }) => message === 'tea at five?', 'edit');
  await ada.call({ _cons: 'messages.sendMessage', message: 'tea?', peer });
  const question = await asked;
  assert.equal((await question.getSender()).firstName, 'Ada');
  const history = await ada.call({ _cons: 'messages.getHistory', peer, offset_id: 0, offset_date: 0,
    add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0 });
  await ada.call({ _cons: 'messages.editMessage', peer, id: history.messages[0].id, message: 'tea at five?' });
  await edited;

  await grace.markAsRead('ada_lovelace');
  await ada.next((line) => JSON.stringify(line, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
    .includes('updateReadHistoryOutbox'), 'that it was read');
  const answer = await grace.sendMessage('ada_lovelace', { message: 'with milk', replyTo: question.id });
  await ada.newMessage('with milk');
  await grace.deleteMessages('ada_lovelace', [answer.id], { revoke: true });
  const [newest] = await grace.getMessages('ada_lovelace', { limit: 1 });
  assert.equal(newest.message, 'tea at five?');
});
