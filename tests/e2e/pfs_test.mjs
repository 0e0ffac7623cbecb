// Perfect forward secrecy: --pfs and options.pfs, through real sockets, read off the wire.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { apart, patience, pause } from './support/gateway.mjs';
import { Relay } from './support/relay.mjs';
import { eventually, post } from './support/wire.mjs';
import { overheard } from './support/wiretap.mjs';

const me = { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] };
const say = (message) => ({ _cons: 'messages.sendMessage', peer: { _cons: 'inputPeerSelf' }, message });

const relay = new Relay();
const atEnd = [];
let gateway;
before(async () => ({ gateway } = await apart({ after: (f) => atEnd.unshift(f) }, relay)));
after(async () => {
  for (const f of atEnd) await f();
});

const pfs = (name, body) => test(name, async (t) => {
  const clients = [];
  t.after(() => clients.forEach((c) => c.close()));
  await body(async (options = { pfs: true }) => {
    clients.push(await Client.connect(gateway.port));
    if (options) {
      const reply = await clients.at(-1).request({ options });
      assert.equal(reply.options.pfs, options.pfs, stringify(reply));
    }
    return clients.at(-1);
  }, t);
});
const sessionOf = async (client) => (await client.request({ session: {} })).session;
const underPermanent = async (client) => overheard(relay, (await sessionOf(client)).auth_key);

pfs('signs in, writes, hears; nothing goes out under the permanent key', async (connect) => {
  const client = await connect();
  await client.signIn('9996620001');
  const echo = client.newMessage('@ada_lovelace one');
  const other = await connect(null);
  await other.signIn('9996620001');
  await other.call(say('@ada_lovelace one'));
  await echo;
  assert.equal((await client.call(me))._items[0].first_name, 'Ada');
  assert.deepEqual(await underPermanent(client), []);
  assert.notDeepEqual(await underPermanent(other), []);
});

pfs('comes back with its session line, with pfs and without, and signs in nowhere else', async (connect) => {
  const first = await connect();
  await first.signIn('9996620001');
  const session = await sessionOf(first);
  first.close();
  const secret = await connect();
  assert.equal((await secret.call(me, { session }))._items[0].first_name, 'Ada');
  assert.equal((await sessionOf(secret)).auth_key, session.auth_key);
  assert.deepEqual(await underPermanent(secret), []);
  const open = await connect(null);
  const refused = await open.request({ session });
  assert.deepEqual([refused.error, refused.path], ['SessionError', '/session/auth_key']);
  secret.close();
  await eventually(async () => !(await open.request({ session })).error, 'the key is free');
  assert.equal((await open.call(me, { session }))._items[0].first_name, 'Ada');
  assert.notDeepEqual(await underPermanent(open), []);
});

pfs('is turned on and off under way: the same account, another key on the wire', async (connect) => {
  const client = await connect(null);
  await client.signIn('9996620001');
  const { auth_key } = await sessionOf(client);
  const before = (await underPermanent(client)).length;
  await client.request({ options: { pfs: true } });
  assert.equal((await client.call(me))._items[0].first_name, 'Ada');
  assert.equal((await underPermanent(client)).length, before);
  assert.equal((await sessionOf(client)).auth_key, auth_key);
  await client.request({ options: { pfs: false } });
  assert.equal((await client.call(me))._items[0].first_name, 'Ada');
  assert.ok((await underPermanent(client)).length > before);
});

pfs('goes on after its connection was cut, with what was in flight', async (connect) => {
  const client = await connect({ pfs: true, events: true });
  await client.signIn('9996620001');
  relay.hold();
  const waiting = client.request({ message: say('through the cut') }, 30_000 * patience);
  await pause(300);
  relay.release();
  relay.cut();
  const reply = await waiting;
  assert.ok(reply.message?._cons, stringify(reply));
  const down = await client.next((v) => v.connection?.state === 'waiting', 'waiting');
  assert.ok(down.connection.reason);
  // The temporary key is good for a day: none was made for the second connection.
  const exchanges = client.received.filter(({ value }) => value.connection?.state === 'key_exchange');
  assert.equal(exchanges.length, 1);
  assert.equal((await client.call(me))._items[0].first_name, 'Ada');
});

pfs('POST /json with options.pfs shares an upstream connection of its own kind', async (connect) => {
  const client = await connect();
  await client.signIn('9996620001');
  const session = await sessionOf(client);
  client.close();
  const before = overheard(relay, session.auth_key).length;
  const ask = (options) => post(gateway.port, `${stringify({ options })}\n${stringify({ session })}\n${
    stringify({ id: 3, message: me })}\n`);
  for (let i = 0; i < 2; i++) assert.match((await ask({ pfs: true })).text, /"first_name":"Ada"/);
  assert.equal(overheard(relay, session.auth_key).length, before);
  // Whoever asked before has hung up, which the gateway may not have seen yet.
  await eventually(async () => (await ask({ pfs: false })).text.includes('"first_name":"Ada"'), 'an answer of the other kind');
  assert.ok(overheard(relay, session.auth_key).length > before);
});
