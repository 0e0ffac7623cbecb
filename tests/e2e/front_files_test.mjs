// The configurations of haproxy and nginx that operators get, as they stand but for ports and paths:
// every way in, through TLS.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { shippedHaproxy, shippedNginx } from './support/front_proxies.mjs';
import { Gateway, folder, top } from './support/gateway.mjs';
import { keep } from './support/named.mjs';
import { RawWebSocket } from './support/raw_websocket.mjs';
import { Wire, eventually, fetchRaw, request } from './support/wire.mjs';

const token = 'correct-horse-battery', host = 'tg.example.org';
const secure = { rejectUnauthorized: false };
const headers = { Host: host, Authorization: `Bearer ${token}` };
const dir = folder({ after });
const place = { socket: path.join(dir, 'socket'), pem: path.join(dir, 'tls/server.pem'), key: path.join(dir, 'tls/server.key') };
let gateway;
before(async () => {
  fs.writeFileSync(path.join(dir, 'tokens'), `ops:${token} accounts=*\n`, { mode: 0o600 });
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', path.join(dir, 'tls'), host], { stdio: 'ignore' });
  gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:', '--listen', `unix:${place.socket}`, '--trust-proxy', 'unix',
    '--allow-host', host, '--token-file', path.join(dir, 'tokens'), '--log-level', 'debug']);
  await keep(gateway, 'ada', { token });
});
after(() => gateway.close());

let last = 1;
const visitor = (port) => ({ port, host: '127.0.0.1', localAddress: `127.0.2.${++last}` });
const say = (to, message) => fetchRaw(to, '/api/v1/ada/messages.sendMessage',
  { secure, method: 'POST', headers, body: JSON.stringify({ peer: 'me', message }) });

for (const [name, front] of Object.entries({ 'haproxy.cfg': shippedHaproxy, 'nginx.conf': shippedNginx })) {
  test(`${name}: the console, a call, a WebSocket, events as they come, and lines, each by the visitor's address`, async (t) => {
    const { https, lines } = await front(t, place);
    const from = visitor(https);
    assert.match((await fetchRaw(from, '/', { secure, headers: { Host: host } })).text, /<!doctype html>/i);
    assert.equal((await say(from, 'through the front')).status, 200);

    const socket = await RawWebSocket.open(from, { secure, headers: { Host: host } });
    assert.deepEqual(await socket.request({ id: 1, token }), { id: 1 });
    socket.close();

    const events = await Wire.connect(from, { secure });
    t.after(() => events.close());
    events.send(request('/api/v1/ada/events', { headers }));
    await events.when((bytes) => /^HTTP\/1\.1 200 /.test(bytes.toString()) || null, 'stream');
    await say(from, 'heard at once');
    await events.when((bytes) => bytes.includes('heard at once') || null, 'event');
    await eventually(() => gateway.errors.includes(`token=ops from=${from.localAddress}\n`), 'the address in the log');

    const caller = visitor(lines);
    const client = await Client.connect(caller, { secure });
    assert.deepEqual(await client.request({ id: 1, token }), { id: 1 });
    await eventually(() => gateway.errors.includes(`token=ops from=${caller.localAddress}\n`), 'the address in the log');
    client.close();
  });
}
