// POST /import and signin-cli --import -: a file of another program in, its session out. The files are made
// by Python's SQLite, with the tables of Telethon.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, build, folder, pause, run, signinCli, streamjson } from './support/gateway.mjs';
import { telethonFile } from './support/telethon_file.mjs';

const dir = folder({ after });
let gateway, session, file;
before(async () => {
  gateway = await Gateway.start(['--sandbox', '--verbose']);
  const ada = await Client.connect(gateway.port);
  ({ session } = await ada.signIn('9996620001'));
  session = (await ada.request({ session: {} })).session;
  ada.close();
  file = telethonFile(dir, session).toString('base64');
});
after(() => gateway.close());

async function post(body, { port = gateway.port, headers = {} } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`http://127.0.0.1:${port}/import`, { method: 'POST', body: text, headers });
  return { status: response.status, value: await response.json(), headers: response.headers };
}

test('a file of Telethon is answered with the session that is in it', async () => {
  const { status, value, headers } = await post({ files: { 'ada.session': file } });
  assert.equal(status, 200);
  assert.match(headers.get('content-type'), /^application\/json/);
  assert.equal(value.library, 'Telethon');
  assert.match(value.notes.at(-1), /one program at a time/);
  assert.deepEqual(value.session, { auth_key: session.auth_key, dc: session.dc });
  const client = await Client.connect(gateway.port);
  try {
    await client.request({ session: value.session });
    const [me] = (await client.call({ _cons: 'users.getUsers', id: ['me'] }))._items;
    assert.equal(me.first_name, 'Ada');
  } finally {
    client.close();
  }
});

test('signin-cli --import - has the same answer, and its exit status says whether there is a session', async () => {
  const input = JSON.stringify({ files: { 'ada.session': file } });
  const good = await run(signinCli, ['--import', '-'], { input });
  assert.equal(good.status, 0, good.stderr);
  assert.deepEqual(JSON.parse(good.stdout), (await post(input)).value);
  assert.equal(good.stderr, '');
  const bad = await run(signinCli, ['--import', '-'], { input: '{"files":{"a":"AAAA"}}' });
  assert.equal(bad.status, 1);
  assert.equal(JSON.parse(bad.stdout).error, 'SessionFileError');
});

for (const [name, body, words] of [
  ['no JSON', 'hello', /no JSON from byte 0/],
  ['nothing', '', /no JSON/],
  ['a list', '[]', /is due, with at least one file/],
  ['a path that leads out', { files: { '../../etc/passwd': 'AAAA' } }, /a file's path is/],
  ['bytes that are no base64', { files: { a: '%%%' } }, /in base64/],
  ['a file of nobody', { files: { a: 'AAAA' } }, /a: no session of a program that is known/],
  ['a database with a hole', { files: { a: Buffer.from('SQLite format 3\0' + 'x'.repeat(4000)).toString('base64') } }, /^a: /],
]) {
  test(`the body is ${name}: an error in words`, async () => {
    const { status, value } = await post(body);
    assert.deepEqual([status, value.error], [200, 'SessionFileError']);
    assert.match(value.msg, words);
  });
}

test('what a database says in a way that breaks it is an error, however it is changed', async () => {
  const good = Buffer.from(file, 'base64');
  for (let i = 0; i < 12; i++) {
    const changed = Buffer.from(good);
    for (let at = 100 + i; at < changed.length; at += 13 + 7 * i) changed[at] ^= 0x5a + i;
    const { status, value } = await post({ files: { a: changed.toString('base64') } });
    assert.equal(status, 200, JSON.stringify(value));
    assert.ok(value.session || value.msg);
  }
});

test('only POST is taken, and only from pages of the gateway itself', async () => {
  const got = await fetch(`http://127.0.0.1:${gateway.port}/import`);
  assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST, OPTIONS']);
  const { status, value } = await post({ files: { a: file } }, { headers: { Origin: 'https://evil.example' } });
  assert.deepEqual([status, value.error], [403, 'Forbidden']);
});

test('a body above --max-line is refused', async (t) => {
  const small = await Gateway.start(['--sandbox', '--max-line', '4096']);
  t.after(() => small.close());
  const { status, value } = await post({ files: { a: file } }, { port: small.port });
  assert.deepEqual([status, value.error], [413, 'LineTooLong']);
});

test('where a token is wanted it is wanted here', async (t) => {
  const tokens = path.join(dir, 'tokens');
  fs.writeFileSync(tokens, 'ada:correct-horse-battery\n', { mode: 0o600 });
  const guarded = await Gateway.start(['--sandbox', '--token-file', tokens]);
  t.after(() => guarded.close());
  const ask = (headers) => post({ files: { 'ada.session': file } }, { port: guarded.port, headers });
  assert.equal((await ask({})).status, 401);
  const { status, value } = await ask({ Authorization: 'Bearer correct-horse-battery' });
  assert.deepEqual([status, value.library], [200, 'Telethon']);
});

// A gateway with another program, or none, in the place of signin-cli.
const place = path.join(dir, 'beside');
let other;
before(async () => {
  fs.mkdirSync(place);
  fs.copyFileSync(streamjson, path.join(place, 'streamjson'));
  const start = 'shift; exec "$0" "$@"';
  other = await Gateway.start(['--sandbox', '--scheme', path.join(build, 'scheme/api.tl')],
    { through: ['/bin/sh', '-c', start, path.join(place, 'streamjson')] });
});
after(() => other?.close());
const ask = () => post('{}', { port: other.port });
const beside = (program) => fs.writeFileSync(path.join(place, 'signin-cli'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });

test('without signin-cli beside it the gateway says so', async () => {
  const { status, value } = await ask();
  assert.deepEqual([status, value.error], [503, 'ImportUnavailable']);
  assert.match(value.msg, /signin-cli/);
});

test('a signin-cli that breaks off, or says nothing, or too much, is an error in words', async () => {
  const said = async (program) => {
    beside(program);
    const { status, value } = await ask();
    assert.deepEqual([status, value.error], [500, 'ImportFailed']);
    return value.msg;
  };
  assert.match(await said('kill -SEGV $$'), /broke off/);
  assert.match(await said('exit 3'), /without an answer/);
  assert.match(await said('echo hello'), /without an answer/);
  assert.match(await said('while :; do echo 0123456789012345678901234567890123456789; done'), /more than 64 KiB/);
});

test('signin-cli has no environment, no descriptor of the gateway and no signal blocked or ignored', async () => {
  beside('fds=$(readlink /proc/$$/fd/* | tr "\\n" " ")\nenv=$(tr "\\0" " " < /proc/$$/environ)\n' +
    'sig=$(grep -E "^Sig(Blk|Ign)" /proc/$$/status | tr -d "\\t\\n")\n' +
    'printf \'{"fds":"%s","env":"%s","sig":"%s","args":"%s"}\' "$fds" "$env" "$sig" "$*"');
  const { value } = await ask();
  // Beside its three those that the shell has opened itself: its script, and a pipe.
  const own = /^(pipe:\[\d+\]|\/dev\/null|.*\/signin-cli)$/;
  assert.deepEqual(value.fds.trim().split(' ').filter((name) => !own.test(name)), []);
  assert.equal(value.env, '');
  const [, blocked, ignored] = /^SigBlk:(\w+)SigIgn:(\w+)$/.exec(value.sig);
  // Above 31 are the real-time signals, of which glibc keeps two for itself.
  assert.deepEqual([BigInt(`0x${blocked}`), BigInt(`0x${ignored}`) & 0x7fffffffn], [0n, 0n]);
  assert.equal(value.args, '--import -');
});

test('a third at a time is Busy, and who hangs up has its program ended', async () => {
  beside(`echo $$ >> "${dir}/running"\nexec /bin/sleep 600`);
  const ids = () => fs.existsSync(path.join(dir, 'running'))
    ? fs.readFileSync(path.join(dir, 'running'), 'utf8').trim().split('\n') : [];
  const stop = [new AbortController(), new AbortController()];
  const waiting = stop.map(({ signal }) =>
    fetch(`http://127.0.0.1:${other.port}/import`, { method: 'POST', body: '{}', signal }).catch(() => 'hung up'));
  while (ids().length < 2) await pause(20);
  const third = await ask();
  assert.deepEqual([third.status, third.value.error], [503, 'Busy']);
  for (const one of stop) one.abort();
  assert.deepEqual(await Promise.all(waiting), ['hung up', 'hung up']);
  while (ids().some((id) => fs.existsSync(`/proc/${id}`))) await pause(20);
  beside('echo "{}"');
  assert.equal((await ask()).status, 200);
});

test('nothing of a file, a passcode or a session is in the log, also not with --verbose', async () => {
  const passcode = 'simsalabim-passcode';
  await post({ files: { 'ada.session': file, 'secret-name': 'AAAA' }, passcode });
  await post({ files: { 'ada.session': file }, passcode });
  const { text } = gateway;
  for (const secret of [passcode, session.auth_key.slice(0, 40), session.auth_key.slice(100, 140), file.slice(0, 60), 'secret-name']) {
    assert.ok(!text.includes(secret), secret);
  }
});
