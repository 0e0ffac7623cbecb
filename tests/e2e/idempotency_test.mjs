// Idempotency-Key: a call that comes again is the same call, whatever became of the client, of
// Telegram or of the gateway meanwhile.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Gateway, apart, folder, pause } from './support/gateway.mjs';
import { keep } from './support/named.mjs';
import { Relay } from './support/relay.mjs';
import { Wire, request } from './support/wire.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:']);
  await keep(gateway);
});
after(() => gateway.close());

async function call(method, key, body, { where = gateway, query = '', account = 'ada', token } = {}) {
  const response = await fetch(`http://127.0.0.1:${where.port}/api/v1/${account}/${method}${query}`, {
    method: 'POST', body: JSON.stringify(body),
    headers: { ...(key && { 'Idempotency-Key': key }), ...(token && { Authorization: `Bearer ${token}` }) } });
  const text = await response.text();
  return { status: response.status, text, value: JSON.parse(text), again: response.headers.get('idempotent-replayed') };
}
const send = (key, message, options) => call('messages.sendMessage', key, { peer: '@echobot', message }, options);
const create = (key, title, options) => call('messages.createChat', key, { users: ['@echobot'], title }, options);

// How often that message was sent; how many groups of that name there are.
async function sent(text, where) {
  const { value } = await call('messages.getHistory', null, { peer: '@echobot', limit: 100 }, { where });
  return value.result.messages.filter(({ message, out }) => out && message === text).length;
}
async function groups(name, where) {
  const { value } = await call('messages.getDialogs', null, { offset_peer: { _cons: 'inputPeerEmpty' }, limit: 100 }, { where });
  return value.result.chats.filter(({ title }) => title === name).length;
}

test('the same key sends a message once, and gets the first answer again', async () => {
  const first = await send('night-1', 'only once');
  assert.deepEqual([first.status, first.again], [200, null], first.text);
  const second = await send('night-1', 'only once');
  assert.deepEqual([second.status, second.again, second.text], [200, 'true', first.text]);
  assert.equal(await sent('only once'), 1);
});

test('calls with one key that come at once are one call', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => send('night-2', 'at once')));
  assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(all.map(({ text }) => text)).size, 1);
  assert.equal(all.filter(({ again }) => again).length, 7);
  assert.equal(await sent('at once'), 1);
});

test('a method without a random_id is carried out once, too', async () => {
  const [first, second] = [await create('chat-1', 'Once only'), await create('chat-1', 'Once only')];
  assert.equal(first.status, 200, first.text);
  assert.equal(second.text, first.text);
  assert.equal(await groups('Once only'), 1);
});

test('a key with other arguments is 422, and with another method another call', async () => {
  await send('night-3', 'one');
  const other = await send('night-3', 'two');
  assert.deepEqual([other.status, other.value.error], [422, 'IdempotencyKeyReused']);
  assert.equal((await call('account.updateStatus', 'night-3', { offline: false })).status, 200);
});

test('what was refused is not kept: the same key has it carried out later', async () => {
  assert.equal((await call('messages.sendMessage', 'night-4', { peer: '@nobody_there', message: 'hi' })).status, 400);
  const right = await send('night-4', 'then right');
  assert.deepEqual([right.status, right.again], [200, null], right.text);
});

test('what only reads is asked anew, whatever its key', async () => {
  for (let i = 0; i < 2; i += 1) {
    assert.equal((await call('users.getUsers', 'read-1', { id: ['me'] })).again, null);
  }
});

test('a method around another takes no key', async () => {
  const { status, value } = await call('invokeWithoutUpdates', 'around', { query: { _cons: 'help.getNearestDc' } });
  assert.equal(status, 400);
  assert.match(value.description, /Idempotency-Key/);
});

test('a client that went away while it waited finds the answer when it comes again', async (t) => {
  const relay = new Relay();
  const { gateway: far } = await apart(t, relay, ['--api-id', '12345', '--api-hash', 'abcdef', '--store', 'sqlite::memory:']);
  await keep(far);
  relay.hold();
  const wire = await Wire.connect(far.port);
  const body = JSON.stringify({ users: ['@echobot'], title: 'Left alone' });
  wire.send(request('/api/v1/ada/messages.createChat', { body, headers: { 'Idempotency-Key': 'gone-1' } }));
  await pause(300);
  wire.close();
  await pause(100);
  relay.release();
  const again = await create('gone-1', 'Left alone', { where: far });
  assert.deepEqual([again.status, again.again], [200, 'true'], again.text);
  assert.equal(await groups('Left alone', far), 1);
});

// A gateway on a store in a file, that dies while Telegram's answer is on its way.
async function died(t, ask) {
  const relay = new Relay(), store = `sqlite:${path.join(folder(t), 'accounts.db')}`;
  const { pem, sandbox } = await apart(t, new Relay());
  await relay.listen(sandbox.dcs[2]);
  t.after(() => relay.close());
  const start = () => Gateway.start(['--server', `127.0.0.1:${relay.port}`, '--rsa', pem,
    '--api-id', '12345', '--api-hash', 'abcdef', '--store', store]);
  const first = await start();
  await keep(first);
  const before = await ask(first, 'before');
  assert.equal(before.status, 200, before.text);
  relay.hold();
  const lost = ask(first, 'lost').catch((error) => error);
  await pause(500);
  first.child.kill('SIGKILL');
  await Promise.all([first.exited, lost]);
  relay.release();
  const second = await start();
  t.after(() => second.close());
  return { second, before };
}

test('behind a crash a first answer is told again, and an open one is said to be unknown', async (t) => {
  const ask = (where, name) => create(name, name, { where });
  const { second, before } = await died(t, ask);
  assert.equal((await ask(second, 'before')).text, before.text);
  const open = await ask(second, 'lost');
  assert.deepEqual([open.status, open.value.error, open.value.outcome], [502, 'OutcomeUnknown', 'unknown']);
  assert.equal(await groups('before', second), 1);
});

test('behind a crash a message whose answer is open is sent again by its random_id, and there once', async (t) => {
  const ask = (where, name) => send(name, name, { where });
  const { second } = await died(t, ask);
  const again = await ask(second, 'lost');
  assert.ok(again.status === 200 || again.value.description === 'RANDOM_ID_DUPLICATE', again.text);
  assert.equal(await sent('lost', second), 1);
});

test('a token is told no answer to a call that it may not make', async (t) => {
  const tokens = path.join(folder(t), 'tokens');
  fs.writeFileSync(tokens, 'ops:all-of-it-0123456789 accounts=*\nnone:not-this-one-0123456 accounts=bob\nreader:may-only-read-012345 accounts=ada read-only\n', { mode: 0o600 });
  const guarded = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:', '--token-file', tokens]);
  t.after(() => guarded.close());
  await keep(guarded, 'ada', { token: 'all-of-it-0123456789' });
  const as = (token) => send('night-5', 'secret', { where: guarded, token });
  assert.equal((await as('all-of-it-0123456789')).status, 200);
  for (const token of ['not-this-one-0123456', 'may-only-read-012345']) {
    const refused = await as(token);
    assert.deepEqual([refused.status, refused.value.error, refused.again], [403, 'Forbidden', null]);
  }
  assert.equal((await as('all-of-it-0123456789')).again, 'true');
});
