// Webhooks as a receiver sees them: signed so that the package of Standard Webhooks takes them.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { build, folder, patience, run, top } from './support/gateway.mjs';

const program = path.join(build, 'tests', 'send-webhook');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

// Who is called: keeps what came, and answers as `answer(request, response, count)` does.
async function receiver(t, answer = (request, response) => response.writeHead(204).end(), tls) {
  const calls = [];
  const handle = async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    calls.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(pieces).toString() });
    answer(request, response, calls.length);
  };
  const server = tls ? https.createServer(tls, handle) : http.createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.close(); server.closeAllConnections(); });
  const { port } = server.address();
  return { calls, port, url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}/hook?a=b` };
}

// What the program says at its end.
async function send(url, { updates = 3, allow = ['127.0.0.1'], store = 'sqlite::memory:', env } = {}) {
  const { status, stdout, stderr } = await run(program, [store, url, secret, String(updates), ...allow], { env });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const numbers = ({ body }) => JSON.parse(body).updates.map((entry) => entry.update_seq);

test('a call is verified by the package of Standard Webhooks, and by no other secret', async (t) => {
  const { calls, url } = await receiver(t);
  assert.deepEqual(await send(url), { delivered: 3, state: 'active', error: '' });
  assert.equal(calls.length, 1);
  const [call] = calls;
  assert.equal(call.method, 'POST');
  assert.equal(call.url, '/hook?a=b');
  assert.equal(call.headers['content-type'], 'application/json');
  const said = new Webhook(secret).verify(call.body, call.headers);
  assert.equal(said.account, 'ada');
  assert.equal(said.webhook, 'ops');
  assert.deepEqual(numbers(call), [1, 2, 3]);
  const { message } = said.updates[1];
  assert.deepEqual([message._cons, message.id, message.user_id, message.message],
    ['updateShortMessage', 2, '9007199254740993', 'Grüße']);
  assert.throws(() => new Webhook('whsec_' + Buffer.alloc(24, 1).toString('base64')).verify(call.body, call.headers));
  assert.throws(() => new Webhook(secret).verify(call.body + ' ', call.headers));
});

test('batches of a hundred come one after the other, each under an id of its own', async (t) => {
  let open = 0, most = 0;
  const { calls, url } = await receiver(t, (request, response) => {
    most = Math.max(most, ++open);
    setTimeout(() => { --open; response.writeHead(200).end('thanks'); }, 20);
  });
  await send(url, { updates: 250 });
  assert.deepEqual(calls.map((call) => numbers(call).length), [100, 100, 50]);
  assert.deepEqual(calls.flatMap(numbers), Array.from({ length: 250 }, (_, i) => i + 1));
  assert.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 3);
  assert.equal(most, 1);
  for (const call of calls) new Webhook(secret).verify(call.body, call.headers);
});

test('loopback is called only where the operator named it', async (t) => {
  const { calls, port } = await receiver(t);
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
    const { delivered, error } = await send(`http://${host}:${port}/`, { allow: ['example.org'] });
    assert.equal(delivered, 0);
    assert.match(error, /is not called without --allow-webhook/);
  }
  assert.equal(calls.length, 0);
});

test('a redirect is no success and is not followed', async (t) => {
  const target = await receiver(t);
  const { url } = await receiver(t, (request, response) => response.writeHead(308, { Location: target.url }).end());
  const { delivered, error } = await send(url);
  assert.deepEqual([delivered, error], [0, 'it answered 308, and redirects are not followed']);
  assert.equal(target.calls.length, 0);
});

test('410 ends a webhook', async (t) => {
  const { url } = await receiver(t, (request, response) => response.writeHead(410).end());
  assert.deepEqual(await send(url), { delivered: 0, state: 'failed', error: 'it answered 410: it wants no more' });
});

test('a sender that is killed within a call sends the same batch again, under the same id', async (t) => {
  const dir = folder(t);
  const store = `sqlite:${path.join(dir, 'store.db')}`;
  let called;
  const first = new Promise((resolve) => { called = resolve; });
  // The first call is left without an answer.
  const { calls, url } = await receiver(t, (request, response, count) => {
    if (count === 1) called();
    else response.writeHead(204).end();
  });
  const child = spawn(program, [store, url, secret, '7', '127.0.0.1'], { stdio: 'ignore' });
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000 * patience);
  await first;
  child.kill('SIGKILL');
  await once(child, 'exit');
  clearTimeout(late);
  assert.equal((await send(url, { updates: 7, store })).delivered, 7);
  assert.equal(calls.length, 2);
  assert.equal(calls[1].headers['webhook-id'], calls[0].headers['webhook-id']);
  assert.equal(calls[1].body, calls[0].body);
  new Webhook(secret).verify(calls[1].body, calls[1].headers);
});

test('TLS is verified against the roots of the system, and the name with it', async (t) => {
  const dir = path.join(folder(t), 'pair');
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', dir], { stdio: 'ignore' });
  const read = (name) => fs.readFileSync(path.join(dir, name));
  const { calls, url } = await receiver(t, undefined, { key: read('server.key'), cert: read('server.pem') });
  const allow = ['localhost'];
  const refused = await send(url, { allow });
  assert.match(refused.error, /^its certificate is not trusted: /);
  assert.equal(calls.length, 0);
  const { delivered } = await send(url, { allow, env: { SSL_CERT_FILE: path.join(dir, 'ca.pem') } });
  assert.equal(delivered, 3);
  new Webhook(secret).verify(calls[0].body, calls[0].headers);
});
