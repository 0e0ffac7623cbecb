// An answer of several megabytes, whole over every way in: it is handed on in parts, and must come
// out as it would in one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { WebSocket } from 'ws';
import { Client } from './support/client.mjs';
import { Gateway, folder, patience, pause, top } from './support/gateway.mjs';
import { parse, stringify } from './support/json.mjs';
import { eventually, post } from './support/wire.mjs';

const dir = folder({ after });
const copies = 20;
let gateway, ca, session, wanted, message;

before(async () => {
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', dir]);
  ca = fs.readFileSync(path.join(dir, 'ca.pem'));
  gateway = await Gateway.start(['--sandbox', '--verbose', '--ws-compression', '--tls-cert', path.join(dir, 'server.pem'),
    '--tls-key', path.join(dir, 'server.key')]);
  const client = await Client.connect(gateway.port);
  ({ session } = await client.signIn('9996620001'));
  // Long links that don't repeat, so that little of it can be packed.
  const url = (i) => `https://example.org/${Array.from({ length: 700 }, (_, k) => ((i * 7919 + k * k * 104729) % 1296).toString(36)).join('')}`;
  const entities = Array.from({ length: 100 }, (_, i) => ({ _cons: 'messageEntityTextUrl', offset: i * 2, length: 1, url: url(i) }));
  const sent = await client.call({ _cons: 'messages.sendMessage', peer: 'me', message: `${'a '.repeat(99)}a`, entities });
  message = { _cons: 'messages.getMessages', id: Array(copies).fill({ _cons: 'inputMessageID', id: sent.id }) };
  const one = await client.call({ ...message, id: message.id.slice(0, 1) });
  assert.equal(one.messages[0].entities.length, 100);
  wanted = stringify(one.messages[0]);
  client.close();
});
after(() => gateway.close());

// Without its session_id, which is live elsewhere for each but the first.
const key = () => ({ auth_key: session.auth_key, dc: session.dc, server_salt: session.server_salt });

function check(reply, text) {
  assert.equal(reply.message?._cons, 'messages.messages', text.slice(0, 300));
  assert.ok(text.length > 2_000_000);
  assert.equal(reply.message.messages.length, copies);
  for (const one of reply.message.messages) assert.equal(stringify(one), wanted);
}

// Before and behind the large one stand small ones, some of them under its id.
async function converse(client) {
  await client.request({ session: key() });
  const nearest = { _cons: 'help.getNearestDc' };
  client.send([{ id: 1, message: nearest }, { id: 2, '@extra': 'kept', session: {}, message }, { id: 2, message: nearest },
    { id: 2, message }, { id: 3, message: nearest }].map((line) => `${stringify(line)}\n`).join(''));
  for (const id of [1, 3]) assert.equal((await client.next((v) => v.id === id)).message._cons, 'nearestDc');
  const seconds = [];
  for (let i = 0; i < 3; i++) seconds.push(await client.line((v) => v.id === 2, 'a reply', 60_000 * patience));
  assert.equal(seconds[0].value['@extra'], 'kept');
  assert.equal(seconds[0].value.session.auth_key, session.auth_key);
  check(seconds[0].value, seconds[0].text);
  assert.equal(seconds[1].value.message._cons, 'nearestDc');
  check(seconds[2].value, seconds[2].text);
  client.close();
}

test('on a line', async () => converse(await Client.connect(gateway.port)));

test('on a line in TLS', async () => converse(await new Promise((resolve, reject) => {
  const socket = tls.connect({ port: gateway.port, host: 'localhost', ca }, () => resolve(new Client(socket)));
  socket.on('error', reject);
})));

// A message with a session is never compressed.
for (const scheme of ['ws', 'wss']) for (const perMessageDeflate of [false, true]) {
  test(`as a message of a WebSocket, ${scheme}${perMessageDeflate ? ', compressed' : ''}`, async () => {
    const socket = new WebSocket(`${scheme}://localhost:${gateway.port}/ws`, { ca, perMessageDeflate });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    assert.equal(socket.extensions, perMessageDeflate ? 'permessage-deflate' : '');
    const asks = perMessageDeflate ? [{ id: 7, session: key() }, { id: 1, message }] : [{ id: 1, session: key(), message }];
    for (const ask of [...asks, { id: 2, message: { _cons: 'help.getNearestDc' } }]) socket.send(stringify(ask));
    const texts = new Map();
    await new Promise((resolve, reject) => socket.once('close', reject).on('message', (data) => {
      const text = data.toString();
      texts.set(parse(text).id, text);
      if (texts.has(1) && texts.has(2)) resolve();
    }));
    check(parse(texts.get(1)), texts.get(1));
    socket.close();
  });
}

test('in the response to a POST', async () => {
  const { replies, text } = await post(gateway.port, [{ id: 1, session: key(), message }, { id: 2, options: {} }]
    .map((line) => `${stringify(line)}\n`).join(''));
  check(replies.find(({ id }) => id === 1), text);
  assert.ok(replies.some(({ id }) => id === 2));
});

test('in a response that nobody reads for a while, there are all of them', { timeout: 120_000 * patience }, async () => {
  const calls = 600; // 88 MB, of which the gateway holds no more than 64 MiB for a client
  const body = Array.from({ length: calls }, (_, i) =>
    stringify({ id: i + 1, timeout: 100, ...(i === 0 && { session: key() }), message: { ...message, id: message.id.slice(0, 1) } })).join('\n');
  const socket = net.connect(gateway.port, '127.0.0.1').pause();
  socket.write(`POST /json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await pause(2000 * patience);
  let replies = 0, end = '';
  for await (const piece of socket) {
    const text = end + piece.toString('latin1');
    replies += text.split('"messages.messages"').length - 1;
    end = text.slice(-18); // one byte less than that
  }
  assert.equal(replies, calls);
  assert.ok(end.endsWith('\r\n0\r\n\r\n'), end);
});

test('by its beginning on stdout, where --verbose wants a copy', async () => {
  const client = await Client.connect(gateway.port);
  await client.request({ id: 'shown', session: key(), message }, 60_000 * patience);
  client.close();
  await eventually(() => /^\d+ < \{"id":"shown".*\} \(cut, \d{7,} bytes in all\)$/m.test(gateway.output), 'a copy of the reply');
  assert.ok(Math.max(...gateway.output.split('\n').map((line) => line.length)) < 100_000);
});
