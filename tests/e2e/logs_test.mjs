// What the log looks like: text or JSON, with priorities where systemd's journal takes it, and its
// level while the process runs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, environment, folder, run, streamjson } from './support/gateway.mjs';
import { Wire, eventually } from './support/wire.mjs';

const started = async (t, ...args) => {
  const gateway = await Gateway.start(...args);
  t.after(() => gateway.close());
  return gateway;
};
const lines = (text) => text.split('\n').filter((line) => line !== '');
const nearest = { _cons: 'help.getNearestDc' };

test('--log-format json: an object a line, with time, level, fields and message', async (t) => {
  const gateway = await started(t, ['--sandbox', '--log-format', 'json', '--log-level', 'debug']);
  const client = await Client.connect(gateway.port);
  await client.call(nearest);
  client.close();
  await eventually(() => /"reason":"done"/.test(gateway.errors), 'the connection is closed');
  const events = lines(gateway.errors).map((line) => JSON.parse(line));
  for (const { time, level } of events) {
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
    assert.match(level, /^(trace|debug|info|warning|error)$/);
  }
  const { time: _, ...opened } = events.find(({ message }) => message === 'opened');
  assert.deepEqual(opened, { level: 'debug', conn: 1, from: '127.0.0.1', message: 'opened' });
});

test('what strangers send is a value of JSON, whatever its bytes', async (t) => {
  const gateway = await started(t, ['--sandbox', '--log-format', 'json']);
  const wire = await Wire.connect(gateway.port);
  await wire.send(Buffer.from('GET / HTTP/1.1\r\nHost: evil","level":"none\x9b\x1b[2J.example\r\nConnection: close\r\n\r\n', 'latin1')).rest();
  wire.close();
  const other = await Wire.connect(gateway.port);
  await other.send('GET /json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nOrigin: http://"x\r\n\r\n').rest();
  other.close();
  await eventually(() => /refused/.test(gateway.errors), 'a line of it');
  for (const line of lines(gateway.errors)) {
    assert.equal(typeof JSON.parse(line).level, 'string', line);
    assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f]/);
  }
});

test('what is wrong at the start is an event of JSON, too', async () => {
  const { status, stderr } = await run(streamjson, ['--port', '0', '--log-format', 'json', '--sandbox', '--scheme', '/no/such.tl']);
  assert.equal(status, 1);
  const event = JSON.parse(stderr);
  assert.equal(event.level, 'error');
  assert.match(event.message, /\/no\/such\.tl/);
});

test('the level turns to debug on SIGUSR2 and back on the next', async (t) => {
  const gateway = await started(t);
  const opened = async () => {
    const before = gateway.errors.split(' opened ').length;
    const client = await Client.connect(gateway.port);
    await client.call(nearest);
    client.close();
    return gateway.errors.split(' opened ').length > before;
  };
  assert.equal(await opened(), false);
  gateway.child.kill('SIGUSR2');
  await eventually(() => /log_level=debug/.test(gateway.errors), 'the first turn');
  assert.equal(await opened(), true);
  gateway.child.kill('SIGUSR2');
  await eventually(() => /log_level=info/.test(gateway.errors), 'the second');
  assert.equal(await opened(), false);
});

// stderr is a file, and JOURNAL_STREAM names it or another one.
async function withJournal(t, right, more = []) {
  const file = path.join(folder(t), 'journal');
  const out = fs.openSync(file, 'w');
  const { dev, ino } = fs.fstatSync(out);
  const child = spawn(streamjson, ['--sandbox', '--sandbox-port', '0', '--port', '0', '--log-level', 'debug', ...more], {
    env: environment({ JOURNAL_STREAM: `${dev}:${right ? ino : ino + 1}` }), stdio: ['ignore', 'pipe', out] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('close', resolve));
  fs.closeSync(out);
  return lines(fs.readFileSync(file, 'utf8'));
}

test('in the journal a line begins with its priority, and has no time of its own', async (t) => {
  const text = await withJournal(t, true);
  assert.ok(text.includes('<6>info stopping clients=0'), text.join('\n'));
  for (const line of text) assert.match(line, /^<[3467]>[a-z]+ /);
  for (const line of await withJournal(t, true, ['--log-format', 'json'])) {
    assert.match(line, /^<[3467]>\{/);
    JSON.parse(line.slice(3));
  }
});

test('elsewhere it has none, also where JOURNAL_STREAM was inherited', async (t) => {
  const text = await withJournal(t, false);
  assert.ok(text.length > 0);
  for (const line of text) assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3} [a-z]+ /);
});

test('a client is named by its address, once a connection', async (t) => {
  const gateway = await started(t);
  const client = await Client.connect(gateway.port);
  await client.call(nearest);
  await client.call(nearest);
  client.close();
  await eventually(() => /info conn=\d+ from=127\.0\.0\.1 speaks=json_lines$/m.test(gateway.errors), 'its line');
  assert.equal(gateway.errors.split('from=127.0.0.1').length, 2);
});

test('a connection that never says a byte is not in the log', async (t) => {
  const gateway = await started(t);
  const silent = net.connect(gateway.port, '127.0.0.1');
  await new Promise((resolve) => silent.once('connect', resolve));
  silent.destroy();
  const client = await Client.connect(gateway.port);
  await client.call(nearest);
  client.close();
  await eventually(() => /speaks=/.test(gateway.errors), 'the other');
  assert.equal(lines(gateway.errors).filter((line) => line.includes('from=')).length, 1);
});

test('a variable that no option has is an error that names the nearest', async () => {
  const wrong = await run(streamjson, ['--check-config'], { env: { STREAMJSON_LOG_FORMT: 'json' } });
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /STREAMJSON_LOG_FORMT: .*STREAMJSON_LOG_FORMAT/);
  const start = await run(streamjson, ['--port', '0'], { env: { STREAMJSON_NONSENSE: '1', STREAMJSON_PRT: '1' } });
  assert.equal(start.status, 2);
  assert.match(start.stderr, /STREAMJSON_NONSENSE/);
  assert.match(start.stderr, /STREAMJSON_PRT: .*"STREAMJSON_PORT"/);
  const others = { STREAMJSON_TOKEN: 'x', TELEGRAM_API_IDD: '1', OTHER: '1' };
  assert.equal((await run(streamjson, ['--print-config'], { env: others })).status, 0);
});
