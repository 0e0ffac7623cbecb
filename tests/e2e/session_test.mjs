// Sessions set and kept, sequence numbers, layers and wrappers: what truly went to the data centre,
// read off the wire.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway, folder, apart, pause } from './support/gateway.mjs';
import { Relay } from './support/relay.mjs';
import { overheard } from './support/wiretap.mjs';

const invokeWithLayer = 0xda9b0d0d, initConnection = 0xc1cd5ea9, getNearestDc = 0x1fb33026;
const invokeAfterMsg = 0xcb9f372d, invokeAfterMsgs = 0x3dc4b4f0;
const nearest = { _cons: 'help.getNearestDc' };
const me = { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] };

const relay = new Relay();
const atEnd = [];
let gateway;
before(async () => ({ gateway } = await apart({ after: (f) => atEnd.unshift(f) }, relay)));
after(async () => {
  for (const f of atEnd) await f();
});

const session = (name, body) => test(name, async (t) => {
  const clients = [];
  t.after(() => clients.forEach((c) => c.close()));
  await body(async (where = gateway.port) => {
    clients.push(await Client.connect(where));
    return clients.at(-1);
  }, t);
});
const wire = async (client) => {
  const { session: { auth_key, session_id } } = await client.request({ session: {} });
  return overheard(relay, auth_key).filter((m) => m.session === BigInt(session_id));
};

session('the first call is wrapped, later ones are not', async (connect) => {
  const client = await connect();
  await client.call(nearest);
  await client.call(nearest);
  const [first, second] = (await wire(client)).filter((m) => m.kind === invokeWithLayer || m.kind === getNearestDc);
  assert.equal(first.kind, invokeWithLayer);
  assert.equal(first.body.readUInt32LE(4), 228);
  assert.equal(first.body.readUInt32LE(8), initConnection);
  assert.equal(first.body.readInt32LE(16), 12345); // api_id
  assert.equal(second.kind, getNearestDc);
});

session('service messages are not wrapped', async (connect) => {
  const client = await connect();
  await client.call({ _cons: 'ping', ping_id: 9 });
  assert.ok((await wire(client)).every((m) => m.kind !== invokeWithLayer));
});

session('an old client that wraps layer 73 gets the layer that encoded it', async (connect) => {
  const client = await connect();
  const answer = await client.call({ _cons: 'invokeWithLayer', layer: 73, _wrapped: {
    _cons: 'initConnection', api_id: '12345', device_model: 'Python', system_version: '3.6',
    app_version: 'prototype', lang_code: 'en', _wrapped: { _cons: 'help.getConfig' } } });
  assert.equal(answer._cons, 'config');
  const wrapped = (await wire(client)).filter((m) => m.kind === invokeWithLayer);
  assert.equal(wrapped.length, 1);
  assert.equal(wrapped[0].body.readUInt32LE(4), 228);
  assert.equal(wrapped[0].body.readUInt32LE(8), initConnection);
});

session('content messages have odd numbers that grow by two; last_seqno keeps the place', async (connect) => {
  const client = await connect();
  for (let i = 0; i < 5; i++) await client.call(nearest);
  const { session } = await client.request({ session: {} });
  const sent = await wire(client);
  const odd = sent.map((m) => m.seqno).filter((n) => n % 2 === 1).sort((a, b) => a - b);
  // 9 was the last; 10 is the same place: the number of what needs no answer, were it sent now.
  assert.deepEqual(odd, [1, 3, 5, 7, 9]);
  assert.ok([9, 10].includes(session.last_seqno), `${session.last_seqno}`);
});

session('_seqno is sent exactly as given, and what Telegram says of it is the reply', async (connect) => {
  const client = await connect();
  await client.call(nearest);
  const wrong = await client.request({ message: { ...nearest, _seqno: 4 } });
  assert.equal(wrong.message._cons, 'bad_msg_notification', stringify(wrong));
  assert.equal(wrong.message.error_code, 35);
  assert.ok((await wire(client)).some((m) => m.seqno === 4));
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

session('a session with its last_seqno goes on where it stopped', async (connect) => {
  const one = await connect();
  await one.signIn('9996620001');
  const { session } = await one.request({ session: {} });
  one.close();
  await pause(200);
  const two = await connect();
  const reply = await two.request({ session, message: me });
  assert.equal(reply.message._items[0].first_name, 'Ada');
  assert.equal(reply.session.auth_key, session.auth_key);
  assert.equal((await two.request({ session: {} })).session.session_id, session.session_id);
  const sent = await wire(two);
  const odd = sent.map((m) => m.seqno).filter((n) => n % 2 === 1);
  assert.deepEqual(odd, [...new Set(odd)], 'no number is used twice');
});

session('a session without last_seqno goes on under a fresh session_id', async (connect) => {
  const one = await connect();
  const { session: { auth_key, session_id } } = await one.signIn('9996620001');
  one.close();
  await pause(200);
  const two = await connect();
  two.send({ session: { auth_key, session_id } });
  assert.equal((await two.call(me))._items[0].first_name, 'Ada');
  const now = (await two.request({ session: {} })).session;
  assert.equal(now.auth_key, auth_key);
  assert.notEqual(now.session_id, session_id);
});

session('a session with a stale last_seqno is repaired under a fresh session_id', async (connect) => {
  const one = await connect();
  await one.signIn('9996620001');
  for (let i = 0; i < 4; i++) await one.call(nearest);
  const { session } = await one.request({ session: {} });
  one.close();
  await pause(200);
  const two = await connect();
  two.send({ session: { ...session, last_seqno: 0 } });
  assert.equal((await two.call(me))._items[0].first_name, 'Ada');
  const now = (await two.request({ session: {} })).session;
  assert.equal(now.auth_key, session.auth_key);
  assert.notEqual(now.session_id, session.session_id);
});

session('a stale server_salt is put right unseen', async (connect) => {
  const one = await connect();
  const { session } = await one.signIn('9996620001');
  one.close();
  const two = await connect();
  two.send({ session: { ...session, server_salt: 12345 } });
  assert.equal((await two.call(me))._items[0].first_name, 'Ada');
  const now = (await two.request({ session: {} })).session;
  assert.ok(now.server_salt !== 12345);
});

session('unknown keys in session are ignored', async (connect) => {
  const one = await connect();
  const { session } = await one.signIn('9996620001');
  one.close();
  const two = await connect();
  const reply = await two.request({ session: { ...session, colour: 'blue', status: 'ok' }, message: me });
  assert.equal(reply.message._items[0].first_name, 'Ada');
});

session('a session that is live elsewhere is shared', async (connect) => {
  const one = await connect();
  await one.signIn('9996620001');
  const { session } = await one.request({ session: {} });
  const two = await connect();
  const reply = await two.request({ session });
  assert.equal(reply.session.auth_key, session.auth_key);
  assert.equal(reply.session.session_id, session.session_id);
  assert.equal((await two.call(me))._items[0].first_name, 'Ada');
  assert.equal((await one.call(me))._items[0].first_name, 'Ada');
});

session('after: a message that waits for another is wrapped in invokeAfterMsg', async (connect) => {
  const client = await connect();
  await client.signIn('9996620001');
  relay.hold(); // what has been answered needs no waiting for
  client.send({ id: 1, message: nearest });
  client.send({ id: 2, message: nearest });
  client.send({ id: 3, after: [1], message: nearest });
  client.send({ id: 4, after: [1, 2], message: nearest });
  await pause(300);
  relay.release();
  for (const id of [1, 2, 3, 4]) {
    assert.equal((await client.next((v) => v.id === id)).message._cons, 'nearestDc');
  }
  const sent = await wire(client);
  const plain = sent.filter((m) => m.kind === getNearestDc);
  const one = sent.find((m) => m.kind === invokeAfterMsg);
  assert.equal(one.body.readBigUInt64LE(4), plain[0].id);
  const many = sent.find((m) => m.kind === invokeAfterMsgs);
  assert.deepEqual([many.body.readBigUInt64LE(12), many.body.readBigUInt64LE(20)], [plain[0].id, plain[1].id]);
  const unknown = await client.request({ after: [999], message: nearest });
  assert.ok(unknown.error ?? unknown.message, stringify(unknown));
});

session('requests go out in the order in which they came', async (connect) => {
  const client = await connect();
  await client.call({ _cons: 'ping', ping_id: 1n });
  const order = Array.from({ length: 100 }, (_, i) => BigInt(i) + 1000n);
  await Promise.all(order.map((ping_id) => client.call({ _cons: 'ping', ping_id })));
  const pings = (await wire(client)).filter((m) => m.kind === 0x7abe77ec)
    .sort((a, b) => (a.id < b.id ? -1 : 1)).map((m) => m.body.readBigUInt64LE(4))
    .filter((id) => id >= 1000n && id < 1100n);
  assert.deepEqual(pings, order);
});

session('the identity of options is what initConnection says', async (connect) => {
  const client = await connect();
  await client.request({ options: { api_id: 777, device_model: 'abacus', app_version: '0.0.7' } });
  await client.call(nearest);
  const [first] = (await wire(client)).filter((m) => m.kind === invokeWithLayer);
  assert.equal(first.body.readInt32LE(16), 777);
  assert.ok(first.body.includes('abacus') && first.body.includes('0.0.7'));
});

session('without an api_id the layer is named and Telegram\'s refusal is passed on', async (connect, t) => {
  const bare = new Relay();
  const { gateway: other } = await apart(t, bare, []);
  const client = await connect(other.port);
  const answer = await client.call(nearest);
  assert.equal(answer._cons, 'rpc_error', stringify(answer));
  assert.equal(answer.error_message, 'CONNECTION_NOT_INITED');
  const zero = await client.call({ _cons: 'invokeWithLayer', layer: 228, query: { _cons: 'initConnection',
    api_id: 0, device_model: 'x', system_version: 'x', app_version: 'x', lang_code: 'en', query: nearest } });
  assert.match(zero.error_message, /^(CONNECTION_)?API_ID_INVALID$/);
});

session('a state file keeps accounts and keys over a restart', async (connect, t) => {
  const dir = folder(t);
  const args = ['--sandbox', '--sandbox-key', `${dir}/key.pem`, '--sandbox-state', `${dir}/state`];
  const first = await Gateway.start(args);
  const one = await connect(first.port);
  const { session } = await one.signIn('9996629001', { first_name: 'Sofja' });
  await one.call({ _cons: 'messages.sendMessage', peer: 'me', message: 'remember' });
  one.close();
  await first.close();
  const second = await Gateway.start(args);
  t.after(() => second.close());
  assert.doesNotMatch(second.telegram, /forgets everything/);
  const two = await connect(second.port);
  two.send({ session });
  assert.equal((await two.call(me))._items[0].first_name, 'Sofja');
  const { messages } = await two.call({ _cons: 'messages.getHistory', peer: 'me', limit: 1 });
  assert.equal(messages[0].message, 'remember');
});

session('a session goes out as the string of another library and comes back in', async (connect) => {
  const client = await connect();
  await client.signIn('9996620001');
  for (const as of ['telethon', 'gramjs', 'mtcute']) {
    const { session: { string, auth_key } } = await client.request({ session: { as } });
    const other = await connect();
    const back = await other.request({ session: { string } });
    assert.equal(back.session.auth_key, auth_key);
    assert.equal(back.session.dc, 2);
    assert.equal((await other.call(me))._items[0].phone, '9996620001');
    other.close();
  }
  const { session } = await client.request({ session: {} });
  const third = await connect();
  const text = stringify({ id: 1, session });
  assert.equal((await third.request({ session: { string: text } })).session.auth_key, session.auth_key);
  assert.equal((await third.request({ session: { string: 'hello' } })).error, 'SessionError');
});
