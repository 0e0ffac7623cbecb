// Behind haproxy and nginx as Debian has them: whose address limits, guesses and the log go by.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { haproxy, nginxHttp, nginxStream } from './support/front_proxies.mjs';
import { Gateway, folder, pause, top } from './support/gateway.mjs';
import { stringify } from './support/json.mjs';
import { RawWebSocket } from './support/raw_websocket.mjs';
import { Wire, eventually, fetchRaw, post, request } from './support/wire.mjs';

const right = 'correct-horse-battery';
const wrong = 'wrong-wrong-wrong-wrong';
const most = 3;
const dir = folder({ after });
const file = path.join(dir, 'socket');
const bearer = (token) => ({ Authorization: `Bearer ${token}` });
let gateway;
before(async () => {
  fs.writeFileSync(path.join(dir, 'tokens'), `ada:${right}\n`, { mode: 0o600 });
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', path.join(dir, 'tls')], { stdio: 'ignore' });
  gateway = await Gateway.start(['--sandbox', '--listen', `unix:${file}`, '--token-file', path.join(dir, 'tokens'),
    '--tls-cert', path.join(dir, 'tls/server.pem'), '--tls-key', path.join(dir, 'tls/server.key'),
    '--trust-proxy', 'unix', '--trust-proxy', '127.0.0.1', '--max-connections-per-address', `${most}`, '--log-level', 'debug']);
});
after(() => gateway.close());

// Every visitor of every test has an address of its own.
let last = 1;
const visitor = (port) => ({ port, host: '127.0.0.1', localAddress: `127.0.1.${++last}` });
const logged = (text) => eventually(() => gateway.errors.includes(text), text);

// --- lines, and what else is no HTTP to the proxy ---

async function hello(where, token = right) {
  const client = await Client.connect(where);
  client.send({ id: 1, token });
  return client;
}

async function talksLines(port) {
  const from = visitor(port);
  const clients = [];
  for (let i = 0; i < most; i++) {
    clients.push(await hello(from));
    assert.deepEqual(await clients[i].next((v) => v.id === 1), { id: 1 });
  }
  await logged(`token=ada from=${from.localAddress}\n`);
  const tooMany = await hello(from);
  await tooMany.ended;
  assert.deepEqual(tooMany.received, []);
  const other = await hello(visitor(port));
  assert.deepEqual(await other.next((v) => v.id === 1), { id: 1 });
  for (const client of [...clients, other]) client.close();
}

async function slowsGuesses(port) {
  const from = visitor(port);
  for (let i = 0; i < 5; i++) {
    const client = await hello(from, wrong);
    assert.equal((await client.next((v) => v.id === 1)).error, 'Unauthorized');
    await client.ended;
    client.close();
  }
  await logged(`a wrong token from ${from.localAddress}`);
  const guess = await hello(from, wrong);
  const neighbour = await hello(visitor(port), wrong);
  assert.equal((await neighbour.next((v) => v.id === 1)).error, 'Unauthorized');
  const client = await hello(from);
  assert.deepEqual(await client.next((v) => v.id === 1), { id: 1 });
  assert.deepEqual([guess.over, guess.received], [undefined, []]);
  for (const one of [guess, neighbour, client]) one.close();
}

const fronts = {
  'haproxy, send-proxy': (t, to) => haproxy(t, to, { server: 'send-proxy' }),
  'haproxy, send-proxy-v2': (t, to) => haproxy(t, to, { server: 'send-proxy-v2' }),
  'haproxy, send-proxy-v2 with TLVs': (t, to) => haproxy(t, to, { server: 'send-proxy-v2 proxy-v2-options crc32c,unique-id' }),
  'nginx, proxy_protocol': nginxStream,
};
for (const [name, front] of Object.entries(fronts)) {
  for (const where of ['TCP', 'a socket file']) {
    test(`${name}, over ${where}: lines are counted by the client's own address`, async (t) => {
      await talksLines(await front(t, where === 'TCP' ? gateway.port : file));
    });
  }
}

test('haproxy, over a socket file: the wrong tokens of one client slow nobody else, nor its own right one', async (t) => {
  await slowsGuesses(await haproxy(t, file, { server: 'send-proxy-v2' }));
});

test('haproxy: the PROXY header comes before TLS, and HTTP and WebSocket are within', async (t) => {
  const port = await haproxy(t, gateway.port, { server: 'send-proxy-v2' });
  const from = visitor(port);
  const secure = { rejectUnauthorized: false };
  assert.equal((await fetchRaw(from, '/metrics', { secure, headers: bearer(right) })).status, 200);
  const socket = await RawWebSocket.open(from, { secure });
  assert.deepEqual(await socket.request({ id: 1, token: right }), { id: 1 });
  socket.close();
  await eventually(() => gateway.errors.split(`token=ada from=${from.localAddress}\n`).length === 3, 'both in the log');
});

test('haproxy looks after its gateway with PROXY headers that name nobody', async (t) => {
  for (const server of ['send-proxy', 'send-proxy-v2']) {
    const port = await haproxy(t, file, { server: `${server} check inter 100ms` });
    await pause(500);
    const client = await hello(visitor(port));
    assert.deepEqual(await client.next((v) => v.id === 1), { id: 1 });
    client.close();
  }
});

test('without any header a connection is the proxy itself', async (t) => {
  const client = await hello(visitor(await haproxy(t, file)));
  assert.deepEqual(await client.next((v) => v.id === 1), { id: 1 });
  await logged('token=ada from=a local socket\n');
  client.close();
});

// --- HTTP ---

async function talksHttp(port) {
  const from = visitor(port);
  const mine = `token=ada from=${from.localAddress}\n`;
  const seen = (n) => eventually(() => gateway.errors.split(mine).length === n + 1, `${n} times ${mine}`);
  assert.equal((await fetchRaw(from, '/metrics', { headers: bearer(right) })).status, 200);
  await seen(1);
  assert.equal((await post(from, stringify({ id: 1, token: right, options: {} }))).status, 200);
  await seen(2);
  const sockets = [];
  for (let i = 0; i < most; i++) {
    sockets.push(await RawWebSocket.open(from));
    assert.deepEqual(await sockets[i].request({ id: 1, token: right }), { id: 1 });
  }
  await seen(2 + most);
  assert.equal((await fetchRaw(from, '/livez')).status, 429);
  assert.equal((await fetchRaw(visitor(port), '/livez')).status, 200);
  sockets[0].close();
  await eventually(async () => (await fetchRaw(from, '/livez')).status === 200, 'room for one more');
  for (const socket of sockets) socket.close();
}

const httpFronts = {
  'haproxy, option forwardfor': (t, to) => haproxy(t, to, { mode: 'http', lines: ['option forwardfor'] }),
  'haproxy, Forwarded': (t, to) =>
    haproxy(t, to, { mode: 'http', lines: ['http-request set-header Forwarded for=%[src]', 'http-request del-header X-Forwarded-For'] }),
  'nginx, X-Forwarded-For': (t, to) => nginxHttp(t, to, ['proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;']),
  'nginx, Forwarded': (t, to) =>
    nginxHttp(t, to, ['proxy_set_header Forwarded "for=$remote_addr;proto=$scheme";', 'proxy_set_header X-Forwarded-For "";']),
};
for (const [name, front] of Object.entries(httpFronts)) {
  for (const where of ['TCP', 'a socket file']) {
    test(`${name}, over ${where}: requests and WebSockets are counted by the client's own address`, async (t) => {
      await talksHttp(await front(t, where === 'TCP' ? gateway.port : file));
    });
  }
  test(`${name}: what a client makes up of its address does not count`, async (t) => {
    const port = await front(t, file);
    for (const made of [{ 'X-Forwarded-For': '203.0.113.9' }, { Forwarded: 'for=203.0.113.9' },
      { 'X-Forwarded-For': '203.0.113.9, 127.0.0.1' }, { Forwarded: 'for="' }]) {
      const from = visitor(port);
      const { status } = await fetchRaw(from, '/metrics', { headers: { ...bearer(right), ...made } });
      assert.ok(status === 200 || status === 400, `${status}`);
      if (status === 200) await logged(`token=ada from=${from.localAddress}\n`);
    }
    assert.ok(!gateway.errors.includes('203.0.113.9'));
  });
}

test('requests of many clients over one kept connection are each their own', async (t) => {
  const port = await nginxHttp(t, file, ['proxy_set_header X-Forwarded-For $remote_addr;']);
  for (let i = 0; i < 12; i++) {
    const from = visitor(port);
    assert.equal((await fetchRaw(from, '/metrics', { headers: bearer(right) })).status, 200);
    await logged(`token=ada from=${from.localAddress}\n`);
  }
});

test('nginx: wrong tokens over HTTP are slowed by the client\'s own address, a right one is not', async (t) => {
  const port = await nginxHttp(t, gateway.port, ['proxy_set_header X-Forwarded-For $remote_addr;']);
  const from = visitor(port);
  const ask = (token, where = from) => fetchRaw(where, '/metrics', { headers: bearer(token) });
  for (let i = 0; i < 5; i++) assert.equal((await ask(wrong)).status, 401);
  const wire = await Wire.connect(from);
  wire.send(request('/metrics', { headers: bearer(wrong) }));
  assert.equal((await ask(right)).status, 200);
  assert.equal((await ask(wrong, visitor(port))).status, 401);
  assert.equal(wire.bytes.length, 0);
  wire.close();
});

// --- whom nobody trusts ---

test('a PROXY header or X-Forwarded-For from an address that is not trusted changes nothing', async () => {
  const from = visitor(gateway.port);
  for (const header of ['PROXY TCP4 203.0.113.7 203.0.113.8 1 2\r\n', Buffer.from('0d0a0d0a000d0a515549540a2111000ccb007107cb00710800010002', 'hex')]) {
    const wire = await Wire.connect(from);
    wire.send(header).send(`${stringify({ id: 1, token: right })}\n`);
    assert.doesNotMatch(await wire.rest(), /"id":1\}/);
  }
  const headers = { ...bearer(right), 'X-Forwarded-For': '203.0.113.7', Forwarded: 'for=203.0.113.8' };
  assert.equal((await fetchRaw(from, '/metrics', { headers })).status, 200);
  await logged(`token=ada from=${from.localAddress}\n`);
  assert.doesNotMatch(gateway.errors, /203\.0\.113\./);
});

test('with a proxy in front, clients may point connections only where --allow-server says', async () => {
  const client = await hello(visitor(gateway.port));
  const reply = await client.request({ server: { host: '192.0.2.1', port: 443 } });
  assert.equal(reply.path, '/server/host', stringify(reply));
  client.close();
});

// --- names ---

test('a name that was rebound to a proxy in front of a socket file leads nowhere', async (t) => {
  const port = await nginxHttp(t, file, []);
  const rebound = { Host: 'rebound.example', Origin: 'http://rebound.example' };
  const { status, text } = await fetchRaw(visitor(port), '/json', { body: '{}', headers: rebound });
  assert.equal(status, 403);
  assert.match(text, /--allow-host rebound\.example would allow it/);
  await logged('--allow-host rebound.example would allow it');
});
