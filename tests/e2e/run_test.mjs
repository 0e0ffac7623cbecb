// server/run, once everything is built: quick, from anywhere, and with the right Telegram.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build, environment, folder, patience, pause, run, top } from './support/gateway.mjs';

const skip = build !== path.join(top, 'build') && 'it starts the release build';
const script = path.join(top, 'server/run');

test('a second start takes no more than two seconds', { skip }, async () => {
  await run(script, ['--version']);
  const begun = Date.now();
  const { status, stdout } = await run(script, ['--version']);
  assert.equal(status, 0);
  assert.match(stdout, /\d+\.\d+\.\d+/);
  assert.ok(Date.now() - begun < 1000 * patience, `${Date.now() - begun} ms`);
});

// Starts server/run and waits for the banner; ends it again, and gives all that it said.
async function said(program, args, cwd, env = {}) {
  const child = spawn(program, ['--port', '0', ...args], { cwd, env: environment(env) });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data));
  const ended = new Promise((resolve) => child.on('close', resolve));
  for (let i = 0; i < 500 * patience && !/ in a browser$/m.test(text) && child.exitCode === null; i++) await pause(20);
  child.kill();
  await ended;
  return text;
}
// The line of the banner that says which Telegram it is.
async function telegram(...how) {
  const text = await said(...how);
  return /^Telegram: .*$/m.exec(text)?.[0] ?? assert.fail(text);
}

test('it adds --sandbox unless the arguments name another Telegram', { skip }, async (t) => {
  assert.match(await telegram(script, ['--sandbox-port', '0'], '/'), /sandbox/);
  assert.doesNotMatch(await telegram(script, ['--test-dcs'], '/'), /sandbox/);
  assert.doesNotMatch(await telegram(script, ['--dc=4'], '/'), /sandbox/);
  const file = path.join(folder(t), 'own.ini');
  fs.writeFileSync(file, 'test-dcs=true\n');
  assert.doesNotMatch(await telegram(script, ['--config', file], '/'), /sandbox/);
});

test('it adds a store in memory to a sandbox, unless one was given', { skip }, async (t) => {
  const sandbox = ['--sandbox-port', '0'];
  const memory = /store sqlite::memory: is in order/, line = /curl \S+\/api\/v1\/ada\/signin /;
  for (const args of [sandbox, ['--sandbox', ...sandbox]]) {
    const text = await said(script, args, '/');
    assert.match(text, memory);
    assert.match(text, line);
  }
  const url = `sqlite:${path.join(folder(t), 'own.db')}`;
  for (const [args, env] of [[['--store', url]], [[`--store=${url}`]], [[], { STREAMJSON_STORE: url }]]) {
    const text = await said(script, [...args, ...sandbox], '/', env);
    assert.match(text, /own\.db is in order/);
    assert.doesNotMatch(text, memory);
  }
  const none = await said(script, ['--test-dcs'], '/');
  assert.doesNotMatch(none, memory);
  assert.doesNotMatch(none, line);
});

test('a link to it and a path with spaces do', { skip }, async (t) => {
  const link = path.join(folder(t), 'a link');
  fs.symlinkSync(top, link);
  assert.match(await telegram(path.join(link, 'server/run'), ['--sandbox-port', '0'], '/tmp'), /sandbox/);
});
