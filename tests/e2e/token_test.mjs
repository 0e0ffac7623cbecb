// --token-file: who shows a token comes in, on any transport; and where streamjson may listen.
// Wrong guesses are counted by address, so each test that guesses has a loopback address of its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { connect } from '../../web/client.js';
import { Client } from './support/client.mjs';
import { Gateway, folder, run, signinCli, streamjson, top } from './support/gateway.mjs';
import { stringify } from './support/json.mjs';
import { RawWebSocket, upgrade } from './support/raw_websocket.mjs';
import { Wire, eventually, fetchRaw, metrics, objects, post, request } from './support/wire.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const right = 'correct-horse-battery';
const second = 'staple-staple-staple';
const wrong = 'wrong-wrong-wrong-wrong';
const dir = folder({ after });
const tokens = path.join(dir, 'tokens');
const bearer = (token) => ({ Authorization: `Bearer ${token}` });
let gateway;
before(async () => {
  fs.writeFileSync(tokens, `# who may come in\nada:${right}\ngrace:${second}\n`, { mode: 0o600 });
  gateway = await Gateway.start(['--sandbox', '--verbose', '--token-file', tokens]);
});
after(() => gateway.close());

let last = 1;
const elsewhere = (of = gateway) => ({ port: of.port, host: '127.0.0.1', localAddress: `127.0.0.${++last}` });
const home = () => ({ port: gateway.port, host: '127.0.0.1' });

async function isShut(client, id) {
  const reply = await client.next((value) => value.error);
  assert.deepEqual([reply.error, reply.id], ['Unauthorized', id]);
  await client.ended;
  assert.deepEqual(client.received, []);
}

// --- what a token allows ---

const reader = 'reads-reads-reads-reads';
const writer = 'writes-some-writes-some';
const send = { _cons: 'messages.sendMessage', peer: { _cons: 'inputPeerSelf' }, message: 'hello' };

async function bounded() {
  const file = path.join(dir, 'bounded');
  const lines = [`ada:${right}`, `reader:${reader} read-only`, `writer:${writer} methods=messages.*,help.get*,!messages.delete*,user.*`];
  fs.writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return Gateway.start(['--sandbox', '--token-file', file]);
}

test('a token that only reads is refused what writes, on every way in', async () => {
  const of = await bounded();
  try {
    const line = await Client.connect(of.port);
    const shown = await line.request({ token: reader, message: nearest });
    assert.equal(shown.message._cons, 'nearestDc');
    const wrapped = { _cons: 'invokeWithoutUpdates', query: send };
    const replies = [await line.request({ message: send }), await line.request({ message: wrapped }),
      (await post({ port: of.port, host: '127.0.0.1' }, JSON.stringify({ id: 1, message: send }), { headers: bearer(reader) })).replies[0],
      (await post({ port: of.port, host: '127.0.0.1' }, JSON.stringify({ id: 1, token: reader, message: send }))).replies[0]];
    const socket = await connect(`ws://127.0.0.1:${of.port}/ws`, { token: reader, WebSocket });
    replies.push(await socket.call('messages.sendMessage', { peer: send.peer, message: 'hello' }).catch((error) => error));
    socket.close();
    for (const reply of replies) {
      assert.deepEqual([reply.error ?? reply.name, reply.scope, reply.path], ['Forbidden', 'read-only', '/message/_cons']);
    }
    line.close();
  } finally {
    await of.close();
  }
});

test('who may only read does not sign in, but asks for the state', async () => {
  const of = await bounded();
  try {
    const client = await Client.connect(of.port);
    assert.equal((await client.request({ token: reader, signin: {} })).signin.state, 'start');
    for (const step of [{ phone: '9996620001' }, { qr: true }]) {
      const reply = await client.request({ signin: step });
      assert.deepEqual([reply.error, reply.path], ['Forbidden', '/signin'], JSON.stringify(step));
    }
    client.close();
  } finally {
    await of.close();
  }
});

test('who may only read asks for the state of a session of theirs, too, and does not sign out of it', async () => {
  const of = await bounded();
  try {
    const owner = await Client.connect(of.port);
    await owner.request({ token: right });
    await owner.signIn('9996620001');
    const { session } = await owner.request({ session: {} });
    owner.close();
    await owner.ended;
    const client = await Client.connect(of.port);
    const asked = await client.request({ token: reader, session, signin: {} });
    assert.deepEqual([asked.error, asked.signin?.state], [undefined, 'done']);
    const out = await client.request({ signin: { sign_out: true } });
    assert.deepEqual([out.error, out.scope, out.path], ['Forbidden', 'read-only', '/signin']);
    assert.equal((await client.request({ signin: {} })).signin.state, 'done');
    client.close();
  } finally {
    await of.close();
  }
});

test('a token for some methods calls these, and the log tells patterns that fit none', async () => {
  const of = await bounded();
  try {
    assert.match(of.errors, /the token of writer: there is no method user\.\*/);
    const client = await Client.connect(of.port);
    assert.equal((await client.request({ token: writer, message: nearest })).message._cons, 'nearestDc');
    assert.equal((await client.request({ message: send })).message._cons, 'rpc_error'); // nobody is signed in
    const gone = await client.request({ message: { _cons: 'messages.deleteMessages', id: [1] } });
    assert.deepEqual([gone.error, gone.scope], ['Forbidden', 'methods']);
    assert.equal((await client.request({ message: { _cons: 'updates.getState' } })).error, 'Forbidden');
    assert.equal((await client.request({ message: { _cons: 'ping', ping_id: 1 } })).message._cons, 'pong');
    client.close();
  } finally {
    await of.close();
  }
});

test('what a token allows is told to who shows it, in its own words', async () => {
  const of = await bounded();
  try {
    for (const [token, scope] of [[reader, ['read-only']], [right, []],
      [writer, ['methods=messages.*,help.get*,user.*,!messages.delete*']]]) {
      const client = await Client.connect(of.port);
      assert.deepEqual((await client.request({ token, server: {} })).server.scope, scope);
      assert.deepEqual((await client.request({ server: { dc: 2, scope } })).server.scope, scope);
      client.close();
    }
    const asked = await post({ port: of.port, host: '127.0.0.1' }, '{"id":1,"server":{}}', { headers: bearer(reader) });
    assert.deepEqual(asked.replies[0].server.scope, ['read-only']);
  } finally {
    await of.close();
  }
});

test('a token that is made by the program opens the gateway, and stands in no file', async () => {
  const made = await run(streamjson, ['token', 'new', 'grace', 'read-only']);
  assert.equal(made.status, 0, made.stderr);
  const file = path.join(dir, 'made');
  fs.writeFileSync(file, made.stdout, { mode: 0o600 });
  const token = made.stderr.trim().split('\n').at(-1);
  assert.ok(!made.stdout.includes(token));
  const of = await Gateway.start(['--sandbox', '--token-file', file]);
  try {
    const client = await Client.connect(of.port);
    assert.equal((await client.request({ token, message: nearest })).message._cons, 'nearestDc');
    client.close();
  } finally {
    await of.close();
  }
});

// --- lines ---

test('lines: the first object shows the token, and the rest needs none', async () => {
  const client = await Client.connect(home());
  client.send({ id: 1, token: right, message: nearest });
  assert.equal((await client.next((v) => v.id === 1)).message._cons, 'nearestDc');
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  client.close();
});

test('lines: a token alone is answered', async () => {
  const client = await Client.connect(home());
  client.send({ id: 'hello', token: second });
  const reply = await client.next((v) => v.id === 'hello');
  assert.equal(reply.error, undefined);
  client.close();
});

for (const [what, object] of Object.entries({
  'no token': { id: 4, message: nearest }, 'a wrong one': { id: 4, token: wrong, message: nearest },
  'an empty one': { id: 4, token: '', message: nearest }, 'a number': { id: 4, token: 12345, message: nearest },
  'the name with it': { id: 4, token: `ada:${right}`, message: nearest }, 'half of it': { id: 4, token: right.slice(0, 16), message: nearest },
  'one in capitals': { id: 4, token: right.toUpperCase(), message: nearest },
})) {
  test(`lines: ${what} is Unauthorized, then closed, and nothing was run`, async () => {
    const client = await Client.connect(elsewhere());
    client.send(object);
    client.send({ id: 5, token: right, message: nearest });
    await isShut(client, 4);
  });
}

test('lines: before the token there are at most 4 KiB', async () => {
  const client = await Client.connect(home());
  client.send({ id: 1, token: right, options: {}, '@extra': 'x'.repeat(5000) });
  const reply = await client.next((v) => v.error);
  assert.deepEqual([reply.id, reply.error, reply.limit], [1, 'LineTooLong', 4096]);
  client.close();
  const admitted = await Client.connect(home());
  admitted.send({ id: 1, token: right });
  admitted.send({ id: 2, options: {}, '@extra': 'x'.repeat(100_000) });
  assert.equal((await admitted.next((v) => v.id === 2))['@extra'].length, 100_000);
  admitted.close();
});

// --- WebSocket ---

const open = (options = {}) => RawWebSocket.open(options.from ?? home(), options);
const refusedUpgrade = async (where, options) => {
  const wire = await Wire.connect(where);
  const response = await wire.send(upgrade(options)).response();
  wire.close();
  return response;
};

test('WebSocket: the token in the first object', async () => {
  const socket = await open();
  assert.equal((await socket.request({ id: 1, token: right, message: nearest })).message._cons, 'nearestDc');
  assert.equal((await socket.request({ id: 2, message: nearest })).message._cons, 'nearestDc');
  socket.close();
});

test('WebSocket: the token in a header', async () => {
  const socket = await open({ headers: bearer(right) });
  assert.equal((await socket.request({ id: 1, message: nearest })).message._cons, 'nearestDc');
  socket.close();
});

test('WebSocket: no token and a wrong one are Unauthorized, then closed with a reason', async () => {
  for (const token of [undefined, wrong]) {
    const socket = await open({ from: elsewhere() });
    socket.send({ id: 7, token, message: nearest });
    const reply = await socket.next();
    assert.deepEqual([reply.id, reply.error], [7, 'Unauthorized']);
    const { code, reason } = await socket.closed();
    assert.equal(code, 1008);
    assert.match(reason, /token/);
    socket.close();
  }
});

test('WebSocket: a wrong token in a header is a 401', async () => {
  const { status, headers, text } = await refusedUpgrade(elsewhere(), { headers: bearer(wrong) });
  assert.equal(status, 401);
  assert.equal(headers['www-authenticate'], 'Bearer');
  assert.equal(JSON.parse(text).error, 'Unauthorized');
});

test('WebSocket: before the token there are at most 4 KiB', async () => {
  const socket = await open();
  socket.send({ id: 1, token: right, '@extra': 'x'.repeat(5000) });
  const reply = await socket.next();
  assert.deepEqual([reply.error, reply.limit], ['LineTooLong', 4096]);
  socket.close();
});

// --- HTTP ---

test('POST /json: the token in the first object, or in a header', async () => {
  const body = stringify({ id: 1, token: right, message: nearest }) + stringify({ id: 2, message: nearest });
  const { status, replies } = await post(home(), body);
  assert.equal(status, 200);
  assert.deepEqual(replies.map(({ id, message }) => [id, message?._cons]).sort(), [[1, 'nearestDc'], [2, 'nearestDc']]);
  for (const headers of [bearer(right), { authorization: `bEaReR ${second}` }]) {
    assert.equal((await post(home(), stringify({ message: nearest }), { headers })).replies[0].message._cons, 'nearestDc');
  }
});

test('POST /json: no token or a wrong one is a 401 with the error object, and nothing is run', async () => {
  for (const [body, headers] of [[{ id: 3, message: nearest }], [{ id: 3, token: wrong, message: nearest }],
    [{ id: 3, message: nearest }, bearer(wrong)], [{ id: 3, token: right, message: nearest }, bearer(wrong)]]) {
    const { status, replies } = await post(elsewhere(), stringify(body) + stringify({ id: 4, token: right, message: nearest }), { headers });
    assert.deepEqual([status, replies.length, replies[0].error], [401, 1, 'Unauthorized']);
  }
});

test('POST /json: a body without a token is read for 4 KiB at most', async () => {
  const body = stringify({ id: 1, token: right, options: {}, '@extra': 'x'.repeat(5000) });
  const { status, replies } = await post(home(), body);
  assert.deepEqual([status, replies[0].error, replies[0].limit], [413, 'LineTooLong', 4096]);
  assert.equal((await post(home(), body, { headers: bearer(right) })).status, 200);
});

test('the pages about schemes and numbers want the token, the console and the probes do not', async () => {
  for (const target of ['/scheme.json', '/scheme.tl', '/types.d.ts', '/openapi.json', '/metrics']) {
    const none = await fetchRaw(home(), target);
    assert.deepEqual([none.status, none.headers['www-authenticate']], [401, 'Bearer'], target);
    assert.equal((await fetchRaw(home(), target, { headers: bearer(right) })).status, 200, target);
    assert.equal((await fetchRaw(elsewhere(), target, { headers: bearer(wrong) })).status, 401, target);
    assert.equal((await fetchRaw(home(), target, { headers: { Authorization: `Basic ${btoa(`ada:${right}`)}` } })).status, 401, target);
  }
  for (const target of ['/', '/client.js', '/style.css', '/livez', '/readyz', '/healthz']) {
    assert.equal((await fetchRaw(home(), target)).status, 200, target);
  }
});

test('a token in a URL does nothing', async () => {
  for (const target of ['/metrics', '/scheme.json']) {
    for (const name of ['token', 'access_token', 'bearer']) {
      assert.equal((await fetchRaw(home(), `${target}?${name}=${right}`)).status, 401);
    }
  }
  assert.equal((await post(home(), stringify({ message: nearest }), { query: `?token=${right}` })).status, 401);
  const socket = await open({ path: `/ws?token=${right}` });
  socket.send({ id: 1, message: nearest });
  assert.equal((await socket.next()).error, 'Unauthorized');
  socket.close();
});

test('a token counts for its own request, not for the next on that connection', async () => {
  const wire = await Wire.connect(home());
  const ask = async (headers) => (await wire.send(request('/metrics', { headers })).response()).status;
  assert.equal(await ask(bearer(right)), 200);
  assert.equal(await ask({}), 401);
  const body = stringify({ token: right, options: {} });
  assert.equal((await wire.send(request('/json', { body })).response()).status, 200);
  assert.equal((await wire.send(request('/json', { body: stringify({ options: {} }) })).response()).status, 401);
  wire.close();
});

test('a page of another site is refused before it is asked for a token', async () => {
  const { status } = await fetchRaw(elsewhere(), '/json', { body: '{}', headers: { Origin: 'https://evil.example', ...bearer(right) } });
  assert.equal(status, 403);
});

// --- guesses ---

test('after five wrong ones the answers to others wait; the right one of the same address is let in all the while', async () => {
  const from = elsewhere();
  const guess = async (token) => {
    const client = await Client.connect(from);
    client.send({ id: 9, token });
    return client;
  };
  for (let i = 0; i < 3; i++) await isShut(await guess(wrong + i), 9);
  assert.equal((await fetchRaw(from, '/metrics', { headers: bearer(wrong) })).status, 401);
  assert.equal((await post(from, stringify({ token: wrong }))).status, 401);
  const slow = await guess(wrong);
  const wire = await Wire.connect(from);
  wire.send(request('/metrics', { headers: bearer(wrong) }));
  assert.equal((await fetchRaw(from, '/metrics', { headers: bearer(right) })).status, 200);
  assert.equal((await post(from, stringify({ token: right, options: {} }))).status, 200);
  const admitted = await guess(right);
  assert.deepEqual(await admitted.next((v) => v.id === 9), { id: 9 });
  assert.equal((await fetchRaw(elsewhere(), '/metrics', { headers: bearer(wrong) })).status, 401);
  assert.deepEqual([slow.received, slow.over, wire.bytes.length], [[], undefined, 0]);
  await isShut(slow, 9);
  for (const one of [admitted, wire]) one.close();
});

test('showing none is no guess', async () => {
  const from = elsewhere();
  for (let i = 0; i < 8; i++) assert.equal((await fetchRaw(from, '/metrics')).status, 401);
  assert.equal((await fetchRaw(from, '/metrics', { headers: bearer(right) })).status, 200);
});

// --- in time ---

test('there are thirty seconds for a token, whatever is sent, and silence of this machine has longer', async (t) => {
  const silent = await Client.connect(home());
  t.after(() => silent.close());
  const begun = Date.now();
  const client = await Client.connect(home());
  client.send('{');
  const reply = await client.next((value) => value.error, 'refusal', 40_000);
  assert.equal(reply.error, 'Unauthorized');
  await client.ended;
  const took = Date.now() - begun;
  assert.ok(took > 29_000 && took < 36_000, `${took} ms`);
  assert.equal(silent.over, undefined);
  silent.send({ id: 1, token: right });
  assert.deepEqual(await silent.next((v) => v.id === 1), { id: 1 });
});

test('silent connections of this machine take nobody\'s place', async (t) => {
  const other = await Gateway.start(['--sandbox', '--token-file', tokens, '--max-connections', '2']);
  t.after(() => other.close());
  const silent = await Promise.all(Array.from({ length: 6 }, () => Client.connect(other.port)));
  const count = async () => (await metrics(other.port, { headers: bearer(right) })).get('streamjson_clients_silent');
  await eventually(async () => (await count()) === 6, 'all are there');
  const talking = await Client.connect(other.port);
  for (const one of [talking, silent[0]]) {
    one.send({ id: 1, token: right });
    assert.deepEqual(await one.next((v) => v.id === 1), { id: 1 });
  }
  for (const one of [talking, ...silent]) one.close();
});

// --- what is written down ---

test('the log names who came, on every transport, and no token is in anything that is written', async (t) => {
  const other = await Gateway.start(['--sandbox', '--verbose', '--log-level', 'trace', '--send-tracebacks', '--print-tracebacks',
    '--token-file', tokens]);
  t.after(() => other.close());
  const from = { port: other.port, host: '127.0.0.1' };
  const named = async (name, act) => {
    const before = other.errors.split(`token=${name}`).length;
    await act();
    await eventually(() => other.errors.split(`token=${name}`).length > before, `${name} in the log`);
  };
  await named('ada', async () => {
    const client = await Client.connect(from);
    client.send({ id: 1, token: right });
    await client.next((v) => v.id === 1);
    client.close();
  });
  await named('grace', async () => {
    const socket = await RawWebSocket.open(from, { headers: bearer(second) });
    await socket.request({ id: 1, options: {} });
    socket.close();
  });
  await named('ada', () => fetchRaw(from, '/metrics', { headers: bearer(right) }));
  await named('grace', () => post(from, stringify({ token: second, options: {} })));
  await fetchRaw({ ...from, localAddress: '127.0.0.99' }, '/metrics', { headers: bearer(wrong) });
  await post({ ...from, localAddress: '127.0.0.99' }, stringify({ token: wrong, nonsense: 1 }));
  await eventually(() => /a wrong token from 127\.0\.0\.99/.test(other.errors), 'the wrong one in the log');
  await other.stop();
  for (const token of [right, second, wrong]) assert.ok(!other.text.includes(token), 'a token was written down');
});

// --- the file ---

test('SIGHUP reads the file again: who is in stays, who comes needs a token of now', async (t) => {
  const file = path.join(dir, 'changing');
  const write = (text, mode = 0o600) => {
    fs.writeFileSync(file, text, { mode });
    fs.chmodSync(file, mode);
  };
  write(`ada:${right}\n`);
  const other = await Gateway.start(['--sandbox', '--token-file', file]);
  t.after(() => other.close());
  const hangup = async (line) => {
    const before = other.errors.split(line).length;
    other.child.kill('SIGHUP');
    await eventually(() => other.errors.split(line).length > before, line);
  };
  const status = async (token) => (await fetchRaw(elsewhere(other), '/metrics', { headers: bearer(token) })).status;
  const client = await Client.connect(other.port);
  client.send({ id: 1, token: right });
  await client.next((v) => v.id === 1);
  write(`grace:${second}\n`);
  await hangup('were read again');
  assert.deepEqual([await status(right), await status(second)], [401, 200]);
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  client.close();
  for (const [text, mode] of [['nonsense\n', 0o600], [`ada:${right}\n`, 0o644], ['', 0o600]]) {
    write(text, mode);
    await hangup('left as they were');
    assert.deepEqual([await status(right), await status(second)], [401, 200]);
  }
  assert.match(other.errors, /chmod 600/);
  assert.ok(!other.errors.includes(right) && !other.errors.includes('nonsense'));
});

test('a file that others may read, or that is none, is refused at start', async () => {
  const file = path.join(dir, 'bad');
  for (const [text, mode, why] of [[`ada:${right}\n`, 0o640, /chmod 600/], [`ada:${right}\n`, 0o604, /chmod 600/],
    [`ada:${right}\n`, 0o620, /chmod 600/], ['ada:short\n', 0o600, /bad:1: .*16 characters/], [`\n${right}\n`, 0o600, /bad:2: name:token/],
    ['# nobody\n', 0o600, /no line/], [`ada:${right}\nada:${second}\n`, 0o600, /bad:2: .*ada/]]) {
    fs.writeFileSync(file, text);
    fs.chmodSync(file, mode);
    const { status, stderr, stdout } = await run(streamjson, ['--port', '0', '--sandbox', '--sandbox-port', '0', '--token-file', file]);
    assert.equal(status, 1, text);
    assert.match(stderr, why);
    assert.ok(!(stderr + stdout).includes(right) && !(stderr + stdout).includes('ada:short'));
  }
  const { stderr } = await run(streamjson, ['--port', '0', '--sandbox', '--sandbox-port', '0', '--token-file', `${file}.gone`]);
  assert.match(stderr, /bad\.gone: No such file/);
});

// --- our own clients ---

test('signin-cli --token-file', async () => {
  const file = path.join(dir, 'own');
  fs.writeFileSync(file, `ada:${right}\n`, { mode: 0o600 });
  const signIn = (...more) => run(signinCli, ['--port', `${gateway.port}`, '--phone', '9996620001', ...more], { input: '22222\n' });
  const { status, stdout, stderr } = await signIn('--token-file', file);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /"auth_key"/);
  assert.ok(!(stdout + stderr).includes(right));
  const without = await signIn();
  assert.equal(without.status, 1);
  assert.match(without.stderr, /token/);
});

test('client.js with a token, by lines and by WebSocket', async () => {
  for (const scheme of ['tcp', 'ws']) {
    const tg = await connect(`${scheme}://127.0.0.1:${gateway.port}`, { token: right, WebSocket });
    assert.equal((await tg.call('help.getNearestDc'))._cons, 'nearestDc');
    tg.close();
    await assert.rejects(connect(`${scheme}://127.0.0.1:${gateway.port}`, { WebSocket }), /token/);
  }
});

test('where no token is asked for, one that is shown does no harm', async (t) => {
  const other = await Gateway.start();
  t.after(() => other.close());
  const client = await Client.connect(other.port);
  client.send({ id: 1, token: 'whatever', message: nearest });
  assert.equal((await client.next((v) => v.id === 1)).message._cons, 'nearestDc');
  client.close();
  assert.ok((await metrics({ port: other.port, host: '127.0.0.1' }, { headers: bearer('whatever') })).size);
  assert.equal(objects((await fetchRaw(other.port, '/json', { body: '{"options":{}}', headers: bearer('whatever') })).text).length, 1);
});

// --- where it may listen ---

test('listening beyond loopback wants a token and TLS, or --insecure', async (t) => {
  const certificates = path.join(dir, 'certificates');
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', certificates]);
  const pair = ['--tls-cert', path.join(certificates, 'server.pem'), '--tls-key', path.join(certificates, 'server.key')];
  const sandbox = ['--sandbox', '--sandbox-port', '0', '--port', '0'];
  for (const host of ['0.0.0.0', '::']) {
    for (const [args, missing] of [[[], /--token-file FILE and --tls-cert FILE/], [['--token-file', tokens], /takes --tls-cert FILE/],
      [pair, /takes --token-file FILE/]]) {
      const { status, stderr, stdout } = await run(streamjson, [...sandbox, '--host', host, ...args]);
      assert.notEqual(status, 0);
      assert.match(stderr, missing);
      assert.match(stderr, /--insecure/);
      assert.equal(stdout, '');
    }
  }
  const insecure = await Gateway.start(['--sandbox', '--host', '0.0.0.0', '--insecure']);
  t.after(() => insecure.close());
  await eventually(() => /warning|whoever reaches/.test(insecure.errors), 'a warning');
  assert.equal((await fetchRaw(insecure.port, '/livez')).status, 200);
  const both = await Gateway.start(['--sandbox', '--host', '0.0.0.0', '--token-file', tokens, ...pair]);
  t.after(() => both.close());
  assert.doesNotMatch(both.errors, /whoever reaches|encrypted/);
  const ca = fs.readFileSync(path.join(certificates, 'ca.pem'));
  const { status } = await fetchRaw(both.port, '/metrics', { headers: bearer(right), secure: { ca } });
  assert.equal(status, 200);
});
