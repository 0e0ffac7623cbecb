// Accounts that the gateway keeps: many clients, any way in, speak as one; its updates come out of a
// log, under the same numbers for everybody.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { Client } from './support/client.mjs';
import { Gateway, apart, folder } from './support/gateway.mjs';
import { parse, stringify } from './support/json.mjs';
import { Relay } from './support/relay.mjs';

const me = { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] };
const say = (message) => ({ _cons: 'messages.sendMessage', peer: 'me', message });
const sessions = { _cons: 'account.getAuthorizations' };
const textsOf = ({ message }) => (message?.updates ?? []).filter((u) => u._cons === 'updateNewMessage').map((u) => u.message.message);

async function world(t, args = ['--store', 'sqlite::memory:']) {
  const gateway = await Gateway.start(['--sandbox', '--threads', '3', ...args]);
  t.after(() => gateway.close());
  return gateway;
}
async function client(t, gateway) {
  const out = await Client.connect(gateway.port);
  t.after(() => out.close());
  return out;
}
async function signedIn(t, gateway, account = 'ada', phone = '9996620001') {
  const out = await client(t, gateway);
  await out.request({ account, signin: { phone } });
  const { signin, account: kept } = await out.request({ signin: { code: '22222' } });
  assert.equal(signin.state, 'done');
  assert.deepEqual([kept.name, kept.state], [account, 'done']);
  return out;
}
const post = async (gateway, request, headers = {}) => {
  const reply = await fetch(`http://127.0.0.1:${gateway.port}/json`, { method: 'POST', body: stringify(request), headers });
  return parse(await reply.text());
};
// Those with a number, until they hold so many messages.
async function numbered(from, count) {
  const out = [];
  while (out.flatMap(textsOf).length < count) {
    out.push(await from.next((v) => v.update_seq !== undefined, `an update behind ${out.length} for ${count} messages`));
  }
  return out;
}

test('whoever names an account speaks as it, on every way in, and none of them sees its session', async (t) => {
  const gateway = await world(t);
  const first = await signedIn(t, gateway);
  const line = await client(t, gateway);
  const reply = await line.request({ account: 'ada', message: me });
  assert.equal((reply.message._items ?? reply.message)[0].first_name, 'Ada');
  assert.deepEqual([reply.account.state, reply.account.dc, reply.session], ['done', 2, undefined]);
  const posted = await post(gateway, { account: 'ada', message: me });
  assert.equal((posted.message._items ?? posted.message)[0].first_name, 'Ada');
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`);
  t.after(() => socket.close());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const over = new Promise((resolve) => (socket.onmessage = (event) => resolve(parse(event.data))));
  socket.send(stringify({ account: 'ada', message: sessions }));
  const { message } = await over;
  assert.equal(message.authorizations.length, 1, 'all of them have one session at Telegram');
  assert.equal((await first.request({ session: {} })).path, '/session');
});

test('an account that nobody signed in to is unknown, until a step of sign-in makes it', async (t) => {
  const gateway = await world(t);
  const some = await client(t, gateway);
  const unknown = await some.request({ account: 'eve', message: me });
  assert.deepEqual([unknown.error, unknown.path], ['NoSuchAccount', '/account']);
  await some.request({ account: 'eve', signin: { phone: '9996620001' } });
  const other = await client(t, gateway);
  const { account } = await other.request({ account: 'eve', signin: {} });
  assert.equal(account.state, 'code', 'a step may be taken by another client');
  assert.equal((await other.request({ signin: { code: '22222' } })).account.state, 'done');
  assert.equal((await some.request({ account: 'eve' })).account.state, 'done');
});

test('a gateway without a store says that it keeps no accounts', async (t) => {
  const gateway = await world(t, []);
  const { error, msg } = await post(gateway, { account: 'ada', message: me });
  assert.equal(error, 'NoSuchAccount');
  assert.match(msg, /--store/);
  assert.equal('store' in (await post(gateway, { server: {} })).server, false);
});

test('all clients hear all updates in the order and under the numbers of the log', async (t) => {
  const gateway = await world(t);
  const first = await signedIn(t, gateway);
  const clients = [];
  for (let i = 0; i < 12; i += 1) {
    const one = await client(t, gateway);
    await one.request({ account: 'ada', ...(i % 2 ? { options: { json: 'plain' } } : {}) });
    clients.push(one);
  }
  const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
  await Promise.all(texts.map((text, i) => clients[i % clients.length].request({ message: say(text) })));
  const told = await numbered(first, texts.length);
  assert.deepEqual(told.map(({ update_seq: n }) => Number(n)), told.map((_, i) => i + 1));
  assert.deepEqual(told.flatMap(textsOf).sort(), [...texts].sort());
  for (const one of clients) {
    const same = await numbered(one, texts.length);
    assert.deepEqual(same.map((v) => [Number(v.update_seq), textsOf(v)]), told.map((v) => [Number(v.update_seq), textsOf(v)]));
  }
});

test('updates_after gives those behind that number first, and each once', async (t) => {
  const gateway = await world(t);
  const first = await signedIn(t, gateway);
  for (let i = 1; i <= 5; i += 1) {
    await first.request({ message: say(`old ${i}`) });
    await numbered(first, 1);
  }
  const late = await client(t, gateway);
  const { account } = await late.request({ account: { name: 'ada', updates_after: 3 } });
  assert.equal(account.update_seq, 5);
  await first.request({ message: say('new') });
  const told = await numbered(late, 3);
  assert.deepEqual(told.map((v) => [Number(v.update_seq), ...textsOf(v)]), [[4, 'old 4'], [5, 'old 5'], [6, 'new']]);
  const ahead = await client(t, gateway);
  await ahead.request({ account: { name: 'ada', updates_after: 1000 } });
  const gone = await ahead.next((v) => v.error === 'UpdatesGone');
  assert.deepEqual([gone.id, gone.oldest], [0, 7]);
});

test('a client that wants no updates gets none, and null lets go of the account', async (t) => {
  const gateway = await world(t);
  const first = await signedIn(t, gateway);
  const quiet = await client(t, gateway);
  await quiet.request({ account: 'ada', options: { updates: false } });
  await first.request({ message: say('hello') });
  await numbered(first, 1);
  await quiet.request({ message: me });
  assert.deepEqual(quiet.received, []);
  await quiet.request({ options: { updates: true } });
  await first.request({ message: say('from here on') });
  assert.deepEqual((await numbered(quiet, 1)).flatMap(textsOf), ['from here on']);
  await quiet.request({ options: { updates: false } });
  await first.request({ message: say('unheard') });
  await numbered(first, 2);
  await quiet.request({ message: me });
  assert.deepEqual(quiet.received, []);
  assert.equal((await quiet.request({ account: null })).account, null);
  assert.equal((await quiet.request({ session: {} })).session.auth_key, undefined);
});

test('after a restart an account is there, with what happened meanwhile', async (t) => {
  const dir = folder(t);
  const url = `sqlite:${path.join(dir, 'tg.db')}`;
  const { sandbox, pem, gateway: other } = await apart(t, new Relay());
  const start = async () => {
    const gateway = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, '--store', url,
      '--api-id', '12345', '--api-hash', 'abcdef']);
    t.after(() => gateway.close());
    return gateway;
  };
  let gateway = await start();
  const first = await signedIn(t, gateway);
  await first.request({ message: say('before') });
  await numbered(first, 1);
  await gateway.close();
  for (const name of fs.readdirSync(dir)) assert.equal((fs.statSync(path.join(dir, name)).mode & 0o077), 0, name);

  const elsewhere = await client(t, other);
  await elsewhere.signIn('9996620001');
  await elsewhere.call(say('meanwhile'));

  gateway = await start();
  const again = await client(t, gateway);
  const { account } = await again.request({ account: { name: 'ada', updates_after: 0 } });
  assert.equal(account.state, 'done');
  const told = await numbered(again, 3);
  assert.deepEqual(told.map(({ update_seq: n }) => Number(n)), told.map((_, i) => i + 1));
  const [before, code, ...rest] = told.flatMap(textsOf);
  assert.deepEqual([before, rest], ['before', ['meanwhile']]);
  assert.match(code, /^Login code/);
});

test('a token uses the accounts that its line names, and can not learn of others', async (t) => {
  const dir = folder(t);
  const file = path.join(dir, 'tokens');
  const token = (name) => `${name}-${name}-${name}-${name}-${name}`;
  fs.writeFileSync(file, [`ada:${token('ada')} accounts=ada,team-*`, `eve:${token('eve')}`, `root:${token('root')} accounts=* export`]
    .join('\n'), { mode: 0o600 });
  const gateway = await world(t, ['--store', 'sqlite::memory:', '--token-file', file]);
  const root = await client(t, gateway);
  await root.request({ token: token('root'), account: 'bob', signin: { phone: '9996620001' } });
  await root.request({ signin: { code: '22222' } });

  const ask = (who, account) => post(gateway, { token: token(who), account, message: me });
  const refusal = ({ error, scope, msg }, name) => [error, scope, msg.replaceAll(name, 'X')];
  const there = refusal(await ask('ada', 'bob'), 'bob');
  assert.deepEqual(there.slice(0, 2), ['Forbidden', 'accounts']);
  assert.deepEqual(refusal(await ask('ada', 'nobody'), 'nobody'), there, 'the same whether it exists');
  assert.deepEqual(refusal(await ask('eve', 'bob'), 'bob').slice(0, 2), ['Forbidden', 'accounts']);
  assert.equal((await ask('ada', 'team-1')).error, 'NoSuchAccount');

  const told = (await post(gateway, { token: token('ada'), server: {} })).server;
  assert.deepEqual([told.store, told.scope], [true, ['accounts=ada,team-*']]);
  assert.ok(!JSON.stringify(told).includes('bob'));

  const given = await root.request({ account: { name: 'bob', session: {} } });
  assert.equal(given.session.user_id, given.account.user.id);
  const ada = await client(t, gateway);
  const kept = await ada.request({ token: token('ada'), account: { name: 'ada', session: {} } });
  assert.deepEqual([kept.error, kept.scope], ['Forbidden', 'export']);
});

test('who signs out is forgotten, with the log', async (t) => {
  const gateway = await world(t);
  const first = await signedIn(t, gateway);
  await first.request({ message: say('hello') });
  await numbered(first, 1);
  const { account, signin } = await first.request({ signin: { sign_out: true } });
  assert.deepEqual([account.state, signin.state, account.update_seq], ['start', 'start', 0]);
  const other = await client(t, gateway);
  assert.equal((await other.request({ account: 'ada' })).error, 'NoSuchAccount');
});

test('an account that was ended elsewhere can be signed out all the same, and is forgotten', async (t) => {
  const gateway = await world(t);
  const first = await signedIn(t, gateway);
  await first.call({ _cons: 'auth.logOut' });
  assert.equal((await first.request({ signin: {} })).signin.state, 'start');
  assert.equal((await first.request({ account: 'ada' })).account.state, 'start');
  assert.equal((await first.request({ signin: { sign_out: true } })).signin.state, 'start');
  const other = await client(t, gateway);
  assert.equal((await other.request({ account: 'ada' })).error, 'NoSuchAccount');
});

test('steps of sign-in of two clients follow one another', async (t) => {
  const gateway = await world(t);
  const clients = await Promise.all([client(t, gateway), client(t, gateway)]);
  await clients[0].request({ account: 'ada', signin: { phone: '9996620001' } });
  await clients[1].request({ account: 'ada', signin: {} });
  const replies = await Promise.all(clients.map((one) => one.request({ signin: { code: '22222' } })));
  assert.deepEqual(replies.map((reply) => reply.account?.state ?? reply.error).sort(), ['SigninError', 'done']);
  assert.equal((await clients[0].call(sessions)).authorizations.length, 1);
});

test('what is no name of an account, or goes not with one, is refused with its place', async (t) => {
  const gateway = await world(t);
  for (const [request, where] of [
    [{ account: 'Ada' }, '/account'],
    [{ account: { name: '' } }, '/account/name'],
    [{ account: {} }, '/account/name'],
    [{ account: { name: 'ada', updates_afer: 1 } }, '/account/updates_afer'],
    [{ account: { name: 'ada', updates_after: -1 } }, '/account/updates_after'],
    [{ account: { name: 'ada', session: { auth_key: 'x' } } }, '/account/session'],
    [{ account: 'ada', session: {} }, '/account'],
  ]) {
    const { error, path: place } = await post(gateway, request);
    assert.deepEqual([error, place], ['TypeError', where], stringify(request));
  }
});
