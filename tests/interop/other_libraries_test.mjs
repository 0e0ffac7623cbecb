// What server/FROM_OTHER_LIBRARIES.md shows of Telethon and GramJS is run, block by block, against a sandbox.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { top } from '../e2e/support/gateway.mjs';
import { until } from '../e2e/support/named.mjs';
import { addKey, dialling } from './support/gramjs.mjs';
import { Sandbox } from './support/sandbox.mjs';
import { telethon } from './support/schemes.mjs';

const page = fs.readFileSync(path.join(top, 'server/FROM_OTHER_LIBRARIES.md'), 'utf8');
const blocks = (kind) => [...page.matchAll(/^```(\w+).*\n([^]*?)^```/gm)].filter(([, of]) => of === kind).map(([, , text]) => text);
const things = 10;
let sandbox;

before(async () => {
  sandbox = await Sandbox.start([(folder) => telethon(folder).file]);
  addKey(sandbox.key);
});
after(() => sandbox?.close());

test('each of the ten things is shown in all four', () => {
  assert.equal(page.match(/^## /gm).length, things);
  for (const kind of ['python', 'javascript', 'json']) assert.equal(blocks(kind).length, things, kind);
  assert.equal(blocks('jsonc').length, things - 1);  // what TDLib sends unasked takes no call
});

test('what is shown of Telethon works', async (t) => {
  const child = spawn('/usr/bin/python3', [fileURLToPath(new URL('other_libraries.py', import.meta.url))], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '', errors = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (errors += data));
  child.stdin.end(JSON.stringify({ port: sandbox.dcs[2], key: `${sandbox.scratch}/public.pem`, blocks: blocks('python') }));
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(status, 0, errors);
  assert.equal(said.match(/^\d+$/gm).length, things);  // beside what it greets with
});

test('what is shown of GramJS works', async (t) => {
  const require = createRequire(import.meta.url);
  const { Api, TelegramClient } = require('telegram');
  const { StringSession } = require('telegram/sessions');
  const { NewMessage } = require('telegram/events');
  const { LogLevel, Logger } = require('telegram/extensions/Logger');
  const { ConnectionTCPFull } = require('telegram/network/connection');
  const session = new StringSession('');
  session.setDC(2, '127.0.0.1', sandbox.dcs[2]);
  const client = new TelegramClient(session, 12345, 'abcdef', { connection: dialling(sandbox, ConnectionTCPFull), connectionRetries: 2,
    baseLogger: new Logger(LogLevel.NONE) });
  t.after(() => client.destroy());
  await client.connect();
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  for (const block of blocks('javascript')) {
    const all = block.includes('heard = []') ? `${block}await until(() => heard.includes('hear me'));` : block;
    const run = new AsyncFunction('client', 'Api', 'NewMessage', 'require', 'until', all);
    await assert.doesNotReject(run(client, Api, NewMessage, require, (is) => until(is, block)), undefined, block);
  }
});
