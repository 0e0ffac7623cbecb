// The JavaScript client in Node, over TCP and a socket file, against streamjson and its sandbox.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connect, GatewayError, RpcError } from '../../web/client.js';
import { folder, Gateway } from './support/gateway.mjs';
import { keep, texts, until } from './support/named.mjs';
import { Relay } from './support/relay.mjs';

const scratch = folder();
const socketFile = path.join(scratch, 'gateway.sock');
let gateway;

before(async () => {
  gateway = await Gateway.start(['--sandbox', '--host', 'localhost', '--listen', `unix:${socketFile}`, '--store', 'sqlite::memory:']);
});
after(() => gateway?.close());

async function client(t, url = `tcp://localhost:${gateway.port}`, options = {}) {
  const tg = await connect(url, options);
  t.after(() => tg.close());
  return tg;
}

test('signs in, writes to the bot and hears its answer', async (t) => {
  const tg = await client(t);
  const user = await tg.signIn({ phone: '9996620001', code: '22222' });
  assert.equal(user.first_name, 'Ada');
  const heard = (async () => {
    for await (const update of tg.updates()) {
      if (update.updates?.some((one) => one.message?.message === 'from JavaScript')) return true;
    }
    return false;
  })();
  await tg.call('messages.sendMessage', { peer: '@echobot', message: 'from JavaScript' });
  assert.equal(await heard, true);
});

test('signs in with a two-step password', async (t) => {
  const tg = await client(t);
  const user = await tg.signIn({ phone: '9996620002', code: '22222', password: 'sandbox' });
  assert.equal(user.first_name, 'Grace');
});

test('a session goes on over a socket file', async (t) => {
  const first = await client(t);
  await first.signIn({ phone: '9996620001', code: '22222' });
  const session = await first.session();
  first.close();
  const second = await client(t, `unix:${socketFile}`, { session });
  const [me] = await second.call('users.getUsers', { id: ['me'] });
  assert.equal(me.first_name, 'Ada');
  assert.equal(typeof me.id, 'string');
});

test('what Telegram refuses is an RpcError, what the gateway refuses a GatewayError', async (t) => {
  const tg = await client(t);
  await assert.rejects(tg.call('messages.getDialogs', { offset_peer: { _cons: 'inputPeerEmpty' } }),
    (error) => error instanceof RpcError && error.code === 401 && error.name === 'AUTH_KEY_UNREGISTERED');
  await assert.rejects(tg.call('messages.getDialog'),
    (error) => error instanceof GatewayError && error.name === 'SchemeError' && error.path === '/message/_cons');
});

// --- accounts that the gateway keeps ---

const say = (tg, message) => tg.call('messages.sendMessage', { peer: 'me', message });
async function relayed(t) {
  const relay = new Relay();
  await relay.listen(gateway.port);
  t.after(() => relay.close());
  return relay;
}
// What an iterator gives, as it comes.
function follow(updates, out = []) {
  out.over = (async () => {
    for await (const one of updates) out.push(one);
  })();
  return out;
}

test('a new account is signed in to, and others speak as it without a session', async (t) => {
  const first = await client(t, undefined, { account: 'new' });
  assert.equal((await first.signIn({ phone: '9996620001', code: '22222' })).first_name, 'Ada');
  const second = await client(t, `unix:${socketFile}`, { account: 'new' });
  assert.deepEqual([second.account.name, second.account.state], ['new', 'done']);
  const [me] = await second.call('users.getUsers', { id: ['me'] });
  assert.equal(me.first_name, 'Ada');
  await assert.rejects(second.session(), { name: 'Forbidden' });
  await second.signOut();
  assert.equal(second.account.state, 'start');
  await assert.rejects((await client(t, undefined, { account: 'new' })).call('users.getUsers', { id: ['me'] }),
    { name: 'NoSuchAccount' });
});

test('a named account signs in with a two-step password, and its client may go over to a session', async (t) => {
  const tg = await client(t, undefined, { account: 'grace' });
  const user = await tg.signIn({ phone: '9996620002', code: '22222', password: 'sandbox' });
  assert.equal(user.first_name, 'Grace');
  const other = await client(t);
  await other.signIn({ phone: '9996620001', code: '22222' });
  await tg.useSession(await other.session());
  assert.equal(tg.account, null);
  assert.equal((await tg.call('users.getUsers', { id: ['me'] }))[0].first_name, 'Ada');
});

test('a client of a named account whose connection is lost hears all that was said meanwhile, once and in order', async (t) => {
  await keep(gateway, 'lost');
  const relay = await relayed(t);
  const talker = await client(t, undefined, { account: 'lost' });
  const tg = await client(t, `tcp://localhost:${relay.port}`, { account: 'lost' });
  const heard = follow(tg.updates());
  const numbers = [];
  tg.on('update', (_, { update_seq }) => numbers.push(update_seq));
  const said = [];
  for (let round = 0; round < 4; round++) {
    relay.cut(); // the first time before anything was heard
    for (let i = 0; i < 5; i++) {
      said.push(`${round}.${i}`);
      await say(talker, said.at(-1));
    }
    await until(() => heard.length >= said.length, `what was said in round ${round}`);
  }
  assert.deepEqual(heard.flatMap((message) => texts({ message })), said);
  assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i));
});

test('updates({after}) gives the log behind that number, then what comes, also after its connection was lost', async (t) => {
  await keep(gateway, 'log');
  const relay = await relayed(t);
  const talker = await client(t, undefined, { account: 'log' });
  const before = talker.account.update_seq;
  const said = ['old 1', 'old 2', 'old 3'];
  for (const text of said) await say(talker, text);
  const tg = await client(t, `tcp://localhost:${relay.port}`, { account: 'log' });
  await until(async () => (await tg.request({ account: 'log' })).account.update_seq === before + 3, 'the log has them');
  const heard = follow(tg.updates({ after: before + 1 }));
  const live = follow(tg.updates());
  await until(() => heard.length === 2, 'those of the log');
  for (const text of ['cut 1', 'cut 2']) {
    relay.cut();
    await say(talker, text);
    said.push(text);
    await until(() => heard.length === said.length - 1, text);
  }
  assert.deepEqual(heard.flatMap(texts), said.slice(1));
  assert.deepEqual(heard.map(({ update_seq }) => update_seq), heard.map((_, i) => before + 2 + i));
  await until(() => live.length >= 2, 'the same without a number');
  assert.deepEqual(live.flatMap((message) => texts({ message })), ['cut 1', 'cut 2'], 'and only what came from then on');
  tg.close();
  await Promise.all([heard.over, live.over]);
});

test('who asks for updates that are gone is told by an event, and goes on with what there is', async (t) => {
  await keep(gateway, 'gone');
  const tg = await client(t, undefined, { account: 'gone' });
  const gone = [];
  tg.on('gone', (event) => gone.push(event.oldest));
  const stop = new AbortController();
  const heard = follow(tg.updates({ after: 1_000_000, signal: stop.signal }));
  await until(() => gone.length, 'the event');
  await say(tg, 'after that');
  await until(() => heard.length, 'an update');
  assert.deepEqual([heard[0].update_seq, ...texts(heard[0])], [gone[0], 'after that']);
  stop.abort();
  await heard.over;
  await assert.rejects(follow((await client(t, undefined, { account: 'nobody' })).updates({ after: 0 })).over, { name: 'NoSuchAccount' });
});

test('a gateway that keeps no accounts refuses a client that names one', async (t) => {
  const without = await Gateway.start();
  t.after(() => without.close());
  await assert.rejects(connect(`tcp://localhost:${without.port}`, { account: 'ada' }), { name: 'NoSuchAccount' });
  const own = await client(t);
  assert.throws(() => own.updates({ after: 0 }), TypeError);
});
