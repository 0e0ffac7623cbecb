// Telethon (Debian: python3-telethon), in Python: full, abridged, intermediate and obfuscated, the older RSA
// scheme, a layer from 2022 or, on Debian 13, from 2025.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '../e2e/support/client.mjs';
import { Sandbox } from './support/sandbox.mjs';
import { telethon } from './support/schemes.mjs';
import { Table } from './support/table.mjs';

const script = fileURLToPath(new URL('telethon_session.py', import.meta.url));
const table = new Table();
let sandbox, missing;

before(async () => {
  sandbox = await Sandbox.start([(folder) => {
    const made = telethon(folder);
    missing = made.missing;
    return made.file;
  }]);
});
after(async () => {
  await sandbox?.close();
  table.close('telethon');
});

// What it tells, step by step; `on` is given each line as it comes.
async function live(t, connection, told, on = () => {}) {
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  child.stdin.end(`${JSON.stringify({ connection, port: sandbox.dcs[2],
    key: `${sandbox.scratch}/public.pem`, ...told })}\n`);
  const said = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const { step, ...what } = JSON.parse(line);
    said[step] = what;
    await on(step, what);
  }
  const status = child.exitCode ?? await new Promise((resolve) => child.on('close', resolve));
  assert.equal(status, 0, errors);
  said.row = table.row(`Telethon ${said.connected.version}`, said.connected.layer, connection);
  return said;
}

test('its layer is put together whole', () => {
  // Save the eight parts of a fake TLS greeting, which are no part of an API.
  assert.equal(missing.length, 8, missing.join());
});

async function threeLives(t, connection) {
  const text = `hello over ${connection}`;
  const first = await live(t, connection, { phone: '9996620001', text,
    steps: ['code', 'dialogs', 'echo', 'save'] });
  assert.equal(first.code.name, 'Ada');
  assert.ok(first.dialogs.names.length >= 3, first.dialogs.names.join());
  assert.equal(first.send.text, text);
  assert.equal(first.update.sender, 'echobot');
  const { session } = first.save;
  const second = await live(t, connection, { session, steps: ['come_back', 'sign_out'] });
  assert.equal(second['come back'].name, 'Ada');
  assert.equal(second['sign out'].done, true);
  const third = await live(t, connection, { session, steps: ['signed_out'] });
  assert.ok('signed out' in third);
  first.row.did('code', 'dialogs', 'send', 'update', 'come back', 'sign out');
}

for (const connection of ['full', 'abridged', 'intermediate', 'abridged, obfuscated']) {
  test(`${connection}: a session from sign-in to sign-out`, { timeout: 40_000 }, async (t) => {
    const spoken = await sandbox.listen(() => threeLives(t, connection));
    assert.deepEqual(spoken, [connection]);
  });
}

test('signs in with a two-step password, wrong first', { timeout: 30_000 }, async (t) => {
  const said = await live(t, 'full', { phone: '9996620002', passwords: ['not this', 'sandbox'], steps: ['code'] });
  assert.deepEqual(said.code, { name: 'Grace', left: 0 });
  said.row.did('password');
});

test('follows an account to its home data centre', { timeout: 30_000 }, async (t) => {
  const said = await live(t, 'intermediate', { phone: '9996610003', steps: ['code'] });
  assert.equal(said.code.name, 'Alan');
});

test('signs in as a bot', { timeout: 30_000 }, async (t) => {
  const said = await live(t, 'full', { bot_token: '1000001:sandbox-echobot', steps: ['bot'] });
  assert.equal(said.bot.username, 'echobot');
  said.row.did('bot');
});

test('makes a supergroup and lives in it', { timeout: 40_000 }, async (t) => {
  const { supergroup } = await live(t, 'full', { phone: '9996620001', steps: ['code', 'supergroup'] });
  assert.deepEqual(supergroup.members, ['Ada', 'Alan']);
  assert.ok(supergroup.texts.includes('who else?'), supergroup.texts.join());
  assert.equal(supergroup.was_admin, false);
  assert.deepEqual(supergroup.admins, ['Ada', 'Alan']);
  assert.deepEqual(supergroup.left, ['Ada']);
});

for (const [name, phone, options] of [
  ['Ada', '9996620001', {}],
  ['Grace', '9996620002', { password: 'sandbox' }],
  ['Alan', '9996610003', {}],
]) {
  test(`shows a code that ${name} scans with the gateway's client`, { timeout: 30_000 }, async (t) => {
    const scanner = await Client.connect(sandbox.gateway.port);
    t.after(() => scanner.close());
    await scanner.signIn(phone, options);
    const scan = (step, { url }) => step === 'url' && scanner.call({ _cons: 'auth.acceptLoginToken',
      token: Buffer.from(url.split('token=')[1], 'base64url').toString('base64') });
    const said = await live(t, 'full', { passwords: ['sandbox'], steps: ['qr'] }, scan);
    assert.equal(said.QR.name, name);
    said.row.did('QR');
  });
}
