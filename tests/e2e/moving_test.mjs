// A store that is copied while the gateway works, and one that moves to another place: nothing of the
// log is missing there, nor there twice.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Gateway, apart, folder, run, streamjson } from './support/gateway.mjs';
import { api, keep, say, texts, until } from './support/named.mjs';
import { Relay } from './support/relay.mjs';

const own = ['--api-id', '12345', '--api-hash', 'abcdef'];

async function world(t) {
  const { sandbox, pem } = await apart(t, new Relay());
  const dir = folder(t);
  const at = (name) => path.join(dir, name);
  const start = (name, more = []) => Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, ...own,
    '--store', `sqlite:${at(name)}`, ...more]);
  return { dir, at, start };
}

const log = async (gateway) => (await api(gateway, '/ada/updates?after=0&limit=1000')).result;
const dense = (items) => assert.deepEqual(items.map(({ update_seq }) => update_seq), items.map((_, i) => i + 1));
const said = (items) => items.flatMap(texts).filter((text) => text.startsWith('said '));
const range = (from, to) => Array.from({ length: to - from }, (_, i) => `said ${from + i}`);

async function talk(gateway, from, to) {
  for (let i = from; i < to; i += 1) assert.equal((await say(gateway, `said ${i}`)).status, 200);
  await until(async () => said(await log(gateway)).length >= to, 'all in the log');
}

test('a copy that sqlite3 makes of a store in use is whole, and what came behind it is asked for', async (t) => {
  const { at, start } = await world(t);
  const first = await start('tg.db');
  await keep(first);
  await talk(first, 0, 20);
  const talking = talk(first, 20, 60);
  const copied = await run('sqlite3', [at('tg.db'), `.backup '${at('copy.db')}'`]);
  assert.deepEqual([copied.status, copied.stderr], [0, '']);
  await talking;
  assert.equal((await first.stop()).status, 0);
  fs.copyFileSync(at('tg.db.key'), at('copy.db.key'));
  fs.chmodSync(at('copy.db'), 0o600);
  assert.match((await run(streamjson, ['store', 'check', '--store', `sqlite:${at('copy.db')}`])).stdout, /is in order/);
  const second = await start('copy.db');
  t.after(() => second.close());
  await until(async () => said(await log(second)).length >= 60, 'what came behind the copy');
  const items = await log(second);
  dense(items);
  assert.deepEqual(said(items), range(0, 60));
});

test('a store that is exported and imported elsewhere goes on with the same numbers', async (t) => {
  const { dir, at, start } = await world(t);
  const first = await start('tg.db');
  await keep(first);
  await talk(first, 0, 10);
  assert.equal((await first.stop()).status, 0);
  const command = (args, name) => run(streamjson, [...args, '--store', `sqlite:${at(name)}`], { cwd: dir });
  assert.equal((await command(['store', 'export', 'all'], 'tg.db')).status, 0);
  assert.equal((await command(['store', 'import', 'all'], 'other.db')).status, 0);
  const second = await start('other.db');
  t.after(() => second.close());
  await talk(second, 10, 12);
  const items = await log(second);
  dense(items);
  assert.deepEqual(said(items), range(0, 12));
});
