// The data centre goes silent, away and comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { apart, patience, pause } from './support/gateway.mjs';
import { Relay } from './support/relay.mjs';
import { overheard } from './support/wiretap.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const relay = new Relay();
const atEnd = [];
let gateway;
before(async () => ({ gateway } = await apart({ after: (f) => atEnd.unshift(f) }, relay)));
after(async () => {
  for (const f of atEnd) await f();
});

const upstream = (name, body) => test(name, async (t) => {
  const client = await Client.connect(gateway.port);
  t.after(() => {
    relay.refusing = false;
    relay.release();
    client.close();
  });
  await body(client, t);
});

upstream('rpc_timeout after `timeout` seconds, and a late answer is dropped', async (client) => {
  await client.call(nearest);
  relay.hold();
  const begun = Date.now();
  const reply = await client.request({ timeout: 1, message: nearest });
  const took = Date.now() - begun;
  assert.equal(reply.message._cons, 'rpc_timeout', stringify(reply));
  assert.equal(typeof reply.message.error_message, 'string');
  assert.ok(took >= 950 && took < 2500 * patience, `${took} ms`);
  relay.release();
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
  assert.deepEqual(client.received.filter(({ value }) => value.id !== 0), []);
});

upstream('the time for connecting and the key exchange counts too', async (client) => {
  relay.hold();
  const begun = Date.now();
  const reply = await client.request({ timeout: 1, message: nearest });
  assert.equal(reply.message?._cons, 'rpc_timeout', stringify(reply));
  assert.ok(Date.now() - begun < 2500 * patience);
});

upstream('a random_id that the gateway drew is told where there was no answer', async (client) => {
  await client.signIn('9996620001');
  relay.hold();
  const message = { _cons: 'messages.sendMessage', peer: { _cons: 'inputPeerSelf' }, message: 'twice?' };
  const reply = await client.request({ timeout: 1, message });
  const random_id = reply._random_id ?? reply.message._random_id;
  assert.notEqual(random_id, undefined, stringify(reply));
  relay.release();
  const again = await client.call({ ...message, random_id });
  const { session } = await client.request({ session: {} });
  const sends = overheard(relay, session.auth_key).filter((m) => m.body.includes('twice?'));
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(random_id));
  assert.equal(sends.length, 2);
  assert.ok(sends.every((m) => m.body.includes(bytes)));
  assert.ok(again, 'the second try is answered');
  const { messages } = await client.call({ _cons: 'messages.getHistory', peer: { _cons: 'inputPeerSelf' }, limit: 10 });
  assert.equal(messages.filter((m) => m.message === 'twice?').length, 1);
});

upstream('Busy above 1,024 requests in flight, and all are answered in the end', async (client) => {
  await client.call(nearest);
  relay.hold();
  for (let id = 1; id <= 1100; id++) client.send({ id, message: nearest });
  const busy = await client.next((v) => v.error === 'Busy', 'Busy');
  assert.equal(busy.limit, 1024);
  assert.equal(busy.id, 1025);
  await pause(300);
  relay.release();
  for (let id = 1; id <= 1024; id++) {
    assert.equal((await client.next((v) => v.id === id)).message?._cons, 'nearestDc');
  }
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

upstream('OutcomeUnknown when the link was lost in flight, and the next request goes through', async (client) => {
  await client.signIn('9996620001');
  relay.hold();
  client.send({ id: 1, message: { _cons: 'messages.sendMessage', peer: { _cons: 'inputPeerSelf' }, message: 'lost?' } });
  await pause(300);
  relay.cut();
  const reply = await client.next((v) => v.id === 1);
  assert.equal(reply.error, 'OutcomeUnknown', stringify(reply));
  relay.release();
  const answer = await client.call({ _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] });
  assert.equal(answer._items[0].first_name, 'Ada');
});

upstream('ConnectionError while the data centre is away, service when it is back', async (client) => {
  await client.call(nearest);
  relay.refusing = true;
  relay.cut();
  await pause(100);
  const reply = await client.request({ timeout: 5, message: nearest });
  assert.equal(reply.error, 'ConnectionError', stringify(reply));
  assert.equal(reply.dc, 2);
  relay.refusing = false;
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

upstream('updates come again by themselves after the link was lost', async (client) => {
  await client.signIn('9996620001');
  await client.call(nearest);
  relay.cut();
  const other = await Client.connect(gateway.port);
  await other.signIn('9996620001');
  await pause(6000);
  await other.call({ _cons: 'messages.sendMessage', peer: { _cons: 'inputPeerSelf' }, message: 'still there?' });
  await client.newMessage('still there?');
  other.close();
});

upstream('events tell of the link, where asked for', async (client) => {
  await client.request({ options: { events: true } });
  await client.call(nearest);
  const up = await client.next((v) => v.connection);
  assert.equal(up.id, 0);
  assert.equal(typeof up.connection.state, 'string');
  assert.equal(up.connection.dc, 2);
  relay.refusing = true;
  relay.cut();
  await client.next((v) => v.connection && v.connection.state !== up.connection.state &&
    v.connection.reason !== undefined, 'event with a reason');
});

upstream('a client that leaves in the middle of a request disturbs nobody', async (client) => {
  relay.hold();
  for (let i = 0; i < 20; i++) {
    const gone = await Client.connect(gateway.port);
    gone.send({ message: nearest });
    if (i % 2) gone.send('{"message":{"_cons":"help.');
    await pause(5);
    gone.close();
  }
  relay.release();
  assert.equal((await client.call(nearest))._cons, 'nearestDc');
});

upstream('setting the server drops the link and keeps the key of the same data centre', async (client) => {
  await client.signIn('9996620001');
  relay.hold();
  client.send({ id: 1, message: nearest });
  await pause(200);
  const { server } = await client.request({ server: { host: '127.0.0.1', port: relay.port } });
  assert.equal(server.port, relay.port);
  assert.equal((await client.next((v) => v.id === 1)).error, 'OutcomeUnknown');
  relay.release();
  const answer = await client.call({ _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] });
  assert.equal(answer._items?.[0].first_name, 'Ada', stringify(answer));
});

test('--rpc-timeout is the default for all', async (t) => {
  const other = new Relay();
  const { gateway } = await apart(t, other, ['--api-id', '1', '--api-hash', 'x', '--rpc-timeout', '1']);
  const client = await Client.connect(gateway.port);
  await client.call(nearest, { timeout: 20 });
  other.hold();
  assert.equal((await client.request({ message: nearest })).message._cons, 'rpc_timeout');
  client.close();
});

test('SIGTERM: an answer in flight still arrives, then status 0', async (t) => {
  const other = new Relay();
  const { gateway } = await apart(t, other);
  const client = await Client.connect(gateway.port);
  await client.call(nearest);
  other.hold();
  client.send({ id: 5, message: nearest });
  await pause(200);
  const end = gateway.stop('SIGTERM');
  await pause(500);
  other.release();
  assert.equal((await client.next((v) => v.id === 5)).message?._cons, 'nearestDc');
  await client.ended;
  assert.equal((await end).status, 0);
});

test('SIGINT: waits no longer than five seconds for Telegram', async (t) => {
  const other = new Relay();
  const { gateway } = await apart(t, other);
  const client = await Client.connect(gateway.port);
  await client.call(nearest);
  other.hold();
  client.send({ id: 5, message: nearest });
  await pause(200);
  const begun = Date.now();
  assert.equal((await gateway.stop('SIGINT')).status, 0);
  assert.ok(Date.now() - begun < 6000 * patience);
  client.close();
});
