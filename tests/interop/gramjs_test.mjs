// GramJS (npm: telegram): full, abridged and obfuscated over TCP, and obfuscated over WebSocket.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Client } from '../e2e/support/client.mjs';
import { addKey, answers, dialling } from './support/gramjs.mjs';
import { withVersion } from './support/packages.mjs';
import { Sandbox, within } from './support/sandbox.mjs';
import { gramjsLayer } from './support/schemes.mjs';
import { Table } from './support/table.mjs';

const require = createRequire(import.meta.url);
const { Api, TelegramClient } = require('telegram');
const { StringSession } = require('telegram/sessions');
const { NewMessage } = require('telegram/events');
const { LogLevel, Logger } = require('telegram/extensions/Logger');
const { PromisedWebSockets } = require('telegram/extensions');
const connections = require('telegram/network/connection');

const name = withVersion('telegram', 'GramJS');
const table = new Table();
let sandbox;

before(async () => {
  sandbox = await Sandbox.start();
  addKey(sandbox.key);
});
after(async () => {
  await sandbox?.close();
  table.close('gramjs');
});

const transports = {
  full: { connection: connections.ConnectionTCPFull },
  abridged: { connection: connections.ConnectionTCPAbridged },
  'abridged, obfuscated': { connection: connections.ConnectionTCPObfuscated },
  // ws://, not wss://, since the port is another than 443.
  'WebSocket, abridged, obfuscated': { connection: connections.ConnectionTCPObfuscated,
    networkSocket: PromisedWebSockets, useWSS: true },
};

async function outsider(t, { connection, ...options }, saved = '') {
  const session = new StringSession(saved);
  if (!saved) session.setDC(2, '127.0.0.1', sandbox.dcs[2]);
  const client = new TelegramClient(session, 12345, 'abcdef', {
    connection: dialling(sandbox, connection), connectionRetries: 2,
    baseLogger: new Logger(process.env.GRAMJS_LOG ?? LogLevel.NONE), ...options });
  t.after(() => client.destroy());
  await client.connect();
  return client;
}

async function live(t, transport, options) {
  const row = table.row(name, gramjsLayer, transport);
  const client = await outsider(t, options);
  await client.start(answers('9996620001'));
  assert.equal((await client.getMe()).firstName, 'Ada');
  row.did('code');

  const dialogs = await client.getDialogs({});
  assert.ok(dialogs.length >= 3, dialogs.map((dialog) => dialog.title).join());
  row.did('dialogs');

  const text = `hello over ${transport}`;
  const echo = new Promise((resolve) => {
    client.addEventHandler(({ message }) => {
      if (!message.out && message.message === text) resolve(message);
    }, new NewMessage({}));
  });
  const sent = await client.sendMessage('echobot', { message: text });
  assert.equal(sent.message, text);
  row.did('send');
  assert.equal((await (await within(10_000, 'echo', echo)).getSender()).username, 'echobot');
  row.did('update');

  const saved = client.session.save();
  await client.destroy();
  const again = await outsider(t, options, saved);
  assert.ok(await again.checkAuthorization());
  assert.equal((await again.getMe()).firstName, 'Ada');
  row.did('come back');

  await again.invoke(new Api.auth.LogOut());
  assert.equal(await again.checkAuthorization(), false);
  row.did('sign out');
}

for (const [transport, options] of Object.entries(transports)) {
  test(`${transport}: a session from sign-in to sign-out`, { timeout: 30_000 }, async (t) => {
    const spoken = await sandbox.listen(() => live(t, transport, options));
    assert.deepEqual(spoken, [transport]);
  });
}

test('signs in with a two-step password, wrong first', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t, transports.full);
  const given = ['not this', 'sandbox'];
  const refused = [];
  await client.start(answers('9996620002', { password: async () => given.shift(),
    onError: async (error) => void refused.push(error.errorMessage) }));
  assert.equal((await client.getMe()).firstName, 'Grace');
  assert.deepEqual(refused, ['PASSWORD_HASH_INVALID']);
  table.row(name, gramjsLayer, 'full').did('password');
});

test('follows an account to its home data centre', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t, transports.abridged);
  await client.start(answers('9996610003'));
  assert.equal((await client.getMe()).firstName, 'Alan');
  assert.equal(client.session.dcId, 1);
});

test('signs in as a bot', { timeout: 30_000 }, async (t) => {
  const client = await outsider(t, transports.full);
  await client.start({ botAuthToken: '1000001:sandbox-echobot' });
  assert.equal((await client.getMe()).username, 'echobot');
  table.row(name, gramjsLayer, 'full').did('bot');
});

test('shows a code that the gateway\'s client scans', { timeout: 30_000 }, async (t) => {
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
  table.row(name, gramjsLayer, 'full').did('QR');
});
