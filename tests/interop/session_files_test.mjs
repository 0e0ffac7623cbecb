// What other people's libraries leave on disk, made by themselves: signin-cli --import makes a line of it, and with
// that line the gateway is who had signed in.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '../e2e/support/client.mjs';
import { run, signinCli } from '../e2e/support/gateway.mjs';
import { addKey, answers, dialling } from './support/gramjs.mjs';
import { mtprotoCoreClient } from './support/mtproto_core.mjs';
import { Outside } from './support/outside.mjs';
import { mtprotoCore, telethon } from './support/schemes.mjs';
import { SqliteStorage } from './support/sqlite_storage.mjs';

const require = createRequire(import.meta.url);
const { TelegramClient } = require('telegram');
const { StoreSession } = require('telegram/sessions');
const { LogLevel, Logger } = require('telegram/extensions/Logger');
const { ConnectionTCPFull } = require('telegram/network/connection');

const limit = { timeout: 40_000 };
let outside, sandbox, folder;
before(async () => {
  outside = await Outside.start([], [mtprotoCore, (folder) => telethon(folder).file]);
  sandbox = outside.sandbox;
  folder = sandbox.scratch;
  addKey(sandbox.key);
});
after(async () => {
  await outside?.close();
  // With temporary keys mtcute goes on with some timer after it was destroyed.
  setTimeout(() => process.exit(), 1000).unref();
});

const imported = (file) => run(signinCli, ['--import', file]);

// Who the gateway is with what is read from the file; what signin-cli says beside is shown.
async function whoIs(t, file) {
  const { status, stdout, stderr } = await imported(file);
  assert.equal(status, 0, stderr);
  const line = JSON.parse(stdout);
  assert.doesNotMatch(stderr, /[\w+/]{40}/);
  const client = await Client.connect(sandbox.gateway.port);
  t.after(() => client.close());
  await client.request(line);
  const [user] = (await client.call({ _cons: 'users.getUsers', id: ['me'] }))._items;
  if (line.session.user_id) assert.equal(BigInt(line.session.user_id), BigInt(user.id));
  return { name: user.first_name, dc: line.session.dc, said: stderr };
}

// --- Telethon ---

async function telethonLife(told) {
  const script = fileURLToPath(new URL('telethon_session.py', import.meta.url));
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  child.stdin.end(`${JSON.stringify({ connection: 'full', port: sandbox.dcs[2], key: `${folder}/public.pem`, ...told })}\n`);
  const [status] = await once(child, 'close');
  assert.equal(status, 0, errors);
}

for (const [name, phone, dc] of [['Ada', '9996620001', 2], ['Alan', '9996610003', 1]]) {
  test(`Telethon's database is ${name}'s session`, limit, async (t) => {
    const file = `${folder}/telethon-${name}`;
    await telethonLife({ file, phone, steps: ['code'] });
    const found = await whoIs(t, `${file}.session`);
    assert.deepEqual([found.name, found.dc], [name, dc]);
    assert.match(found.said, /A session of Telethon, at home in data centre/);
  });
}

test('Telethon\'s key before its sign-in is nobody\'s, as its first call says', limit, async (t) => {
  await telethonLife({ file: `${folder}/unsigned`, steps: [] });
  const { status, stdout, stderr } = await imported(`${folder}/unsigned.session`);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /Whether somebody is signed in by it the file does not say/);
  const client = await Client.connect(sandbox.gateway.port);
  t.after(() => client.close());
  await client.request(JSON.parse(stdout));
  const refused = await client.call({ _cons: 'users.getUsers', id: ['me'] });
  assert.equal(refused.error_message, 'AUTH_KEY_UNREGISTERED');
});

// --- mtcute ---

async function mtcuteLife(t, file, person, options = {}) {
  const storage = new SqliteStorage(file);
  const client = await outside.client(t, { storage, ...options });
  await client.start({ code: person.phone[5].repeat(5), codeSentCallback: () => {}, ...person });
  return { storage, client };
}

test('mtcute\'s database is Ada\'s session, but not while mtcute has it open', limit, async (t) => {
  const file = `${folder}/mtcute`;
  const { storage, client } = await mtcuteLife(t, file, { phone: '9996620001' });
  const refused = await imported(file);
  assert.equal(refused.status, 1);
  assert.equal(refused.stdout, '');
  assert.match(refused.stderr, /mtcute: python3 \(process \d+\) has it open/);
  await client.destroy();
  await storage.end();
  assert.ok(!fs.existsSync(`${file}-wal`));
  const found = await whoIs(t, file);
  assert.deepEqual([found.name, found.dc], ['Ada', 2]);
  assert.match(found.said, /mtcute's own default, 2/);
});

test('mtcute\'s database is Alan\'s session when mtcute was killed and all of it is in the log', limit, async (t) => {
  const file = `${folder}/mtcute-killed`;
  const { storage, client } = await mtcuteLife(t, file, { phone: '9996610003' });
  await storage.end(true);
  t.after(() => client.disconnect());
  const before = [fs.readFileSync(file), fs.readFileSync(`${file}-wal`)];
  assert.ok(before[1].length > before[0].length);
  const found = await whoIs(t, file);
  assert.deepEqual([found.name, found.dc], ['Alan', 1]);
  assert.doesNotMatch(found.said, /default/);
  assert.deepEqual([fs.readFileSync(file), fs.readFileSync(`${file}-wal`)], before);
  const alone = `${folder}/mtcute-alone`;
  fs.copyFileSync(file, alone);
  const refused = await imported(alone);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /mtcute-alone-wal beside it/);
});

test('mtcute\'s database with temporary keys gives the one that stays', limit, async (t) => {
  const file = `${folder}/mtcute-pfs`;
  const { storage, client } = await mtcuteLife(t, file, { phone: '9996620002', password: 'sandbox' },
    { network: { usePfs: true } });
  const [{ key }] = storage.driver.db.prepare('select key from temp_auth_keys where dc = 2').all();
  await client.destroy();
  await storage.end();
  const { stdout } = await imported(file);
  assert.notEqual(JSON.parse(stdout).session.auth_key, Buffer.from(key).toString('base64'));
  assert.equal((await whoIs(t, file)).name, 'Grace');
});

test('mtcute\'s database after a log-out is said to be nobody\'s', limit, async (t) => {
  const file = `${folder}/mtcute-out`;
  const { storage, client } = await mtcuteLife(t, file, { phone: '9996620001' });
  await client.logOut();
  await client.destroy();
  await storage.end();
  const { status, stderr } = await imported(file);
  assert.equal(status, 1);
  assert.match(stderr, /nobody is signed in/);
});

// --- GramJS ---

for (const [name, phone, dc] of [['Ada', '9996620001', 2], ['Alan', '9996610003', 1]]) {
  test(`GramJS's folder is ${name}'s session`, limit, async (t) => {
    const here = process.cwd();
    process.chdir(folder);
    t.after(() => process.chdir(here));
    const session = new StoreSession(`gramjs ${name}`);
    session.setDC(2, '127.0.0.1', sandbox.dcs[2]);
    const client = new TelegramClient(session, 12345, 'abcdef', { connection: dialling(sandbox, ConnectionTCPFull),
      connectionRetries: 2, baseLogger: new Logger(LogLevel.NONE) });
    t.after(() => client.destroy());
    await client.start(answers(phone));
    await client.destroy();
    const found = await whoIs(t, `${folder}/gramjs ${name}`);
    assert.deepEqual([found.name, found.dc], [name, dc]);
  });
}

// --- @mtproto/core ---

for (const [name, phone, dc] of [['Ada', '9996620001', 2], ['Alan', '9996610003', 1]]) {
  test(`@mtproto/core's file is ${name}'s session`, limit, async (t) => {
    const path = `${folder}/core-${name}.json`;
    const client = mtprotoCoreClient(t, sandbox, { path });
    const here = { syncAuth: false };
    const send = () => client.call('auth.sendCode', { phone_number: phone, settings: { _: 'codeSettings' } }, here);
    const sent = await send().catch((error) => {
      assert.equal(error.error_message, `PHONE_MIGRATE_${dc}`);
      return client.setDefaultDc(dc).then(send);
    });
    await client.call('auth.signIn', { phone_number: phone, phone_code_hash: sent.phone_code_hash,
      phone_code: phone[5].repeat(5) }, here);
    client.hangUp();
    const found = await whoIs(t, path);
    assert.deepEqual([found.name, found.dc], [name, dc]);
  });
}
