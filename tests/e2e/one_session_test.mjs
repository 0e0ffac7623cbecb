// One key, one session at home: whoever brings a key to a gateway shares the session that it has,
// whatever thread each is served by. The sandbox ends a key that speaks in two.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import path from 'node:path';
import { Client } from './support/client.mjs';
import { Gateway, folder } from './support/gateway.mjs';
import { parse, stringify } from './support/json.mjs';
import { WebSocket } from 'ws';

const atEnd = [];
const t = { after: (f) => atEnd.unshift(f) };
let gateway, first, session;

before(async () => {
  gateway = await Gateway.start(['--sandbox', '--threads', '4', '--log-level', 'info']);
  t.after(() => gateway.close());
  first = await Client.connect(gateway.port);
  t.after(() => first.close());
  ({ session } = await first.signIn('9996620011', { first_name: 'Ada' }));
});
after(async () => {
  for (const f of atEnd) await f();
});

const me = { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] };
const user = (answer) => answer?._items?.[0] ?? answer?.[0];
const ended = /AUTH_KEY_DUPLICATED/;

const line = async (t, request = { session }) => {
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  return { client, reply: await client.request(request) };
};
const post = async (request) => {
  const reply = await fetch(`http://127.0.0.1:${gateway.port}/json`, { method: 'POST', body: stringify(request) });
  return parse(await reply.text());
};

test('lines, a WebSocket and POSTs that come at once share one session', async (t) => {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`);
  t.after(() => socket.close());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const over = new Promise((resolve) => (socket.onmessage = (event) => resolve(parse(event.data))));
  const request = { id: 1, session, message: me };
  socket.send(stringify(request));
  const replies = await Promise.all([
    over,
    ...Array.from({ length: 12 }, () => post(request)),
    ...Array.from({ length: 6 }, async () => (await line(t, request)).reply),
  ]);
  for (const reply of replies) {
    assert.equal(user(reply.message)?.first_name, 'Ada', stringify(reply).slice(0, 300));
    assert.equal(reply.session.session_id, session.session_id);
  }
  assert.doesNotMatch(gateway.errors, ended);
});

test('each of them hears what is pushed, and that another was answered', async (t) => {
  const sender = await Client.connect(gateway.port);
  t.after(() => sender.close());
  await sender.signIn('9996620014', { first_name: 'Eve' });
  const listeners = (await Promise.all(Array.from({ length: 5 }, () => line(t)))).map(({ client }) => client);
  const [careful] = listeners;
  await careful.request({ options: { updates: 'recover' } });
  await sender.call({ _cons: 'contacts.importContacts', contacts: [
    { _cons: 'inputPhoneContact', client_id: '1', phone: '9996620011', first_name: 'Ada', last_name: '' }] })
    .then(({ users: [{ id, access_hash }] }) => sender.call({ _cons: 'messages.sendMessage',
      peer: { _cons: 'inputPeerUser', user_id: id, access_hash }, message: 'one for all', random_id: '7' }));
  await Promise.all(listeners.map((client) => client.newMessage('one for all')));
  await first.call({ _cons: 'messages.sendMessage', peer: 'me', message: 'of my own', random_id: '8' });
  await Promise.all(listeners.map((client) => client.newMessage('of my own')));
});

const hears = (client, kind, text) =>
  client.update((_, json) => json.includes(kind) && json.includes(text), `${kind} with ${text}`);

test('what an answer wraps, and what it did in a channel, the others hear as well', async (t) => {
  const { client: raw } = await line(t);
  const { client: careful } = await line(t);
  await careful.request({ options: { updates: 'recover' } });
  const { chats: [{ id, access_hash }] } = await first.call({ _cons: 'channels.createChannel', broadcast: true,
    title: 'Our news', about: '' });
  await Promise.all([raw, careful].map((client) => hears(client, 'messageActionChannelCreate', 'Our news')));
  await first.call({ _cons: 'contacts.resolveUsername', username: 'echobot' }).then(({ users: [bot] }) =>
    first.call({ _cons: 'messages.createChat', title: 'Wrapped', users: [
      { _cons: 'inputUser', user_id: bot.id, access_hash: bot.access_hash }] }));
  await Promise.all([raw, careful].map((client) => hears(client, 'messageActionChatCreate', 'Wrapped')));

  const peer = { _cons: 'inputPeerChannel', channel_id: id, access_hash };
  await first.call({ _cons: 'messages.sendMessage', peer, message: 'soon gone', random_id: '9' });
  await Promise.all([raw, careful].map((client) => hears(client, 'updateNewChannelMessage', 'soon gone')));
  await first.call({ _cons: 'channels.deleteMessages', id: [2], channel: { ...peer, _cons: 'inputChannel' } });
  await Promise.all([hears(raw, 'updateChannelTooLong', `${id}`),
    hears(careful, 'updateDeleteChannelMessages', `${id}`)]);
});

test('each has options of its own', async (t) => {
  const { client } = await line(t, { session, options: { json: 'plain', updates: false } });
  const reply = await client.request({ message: me });
  assert.equal(typeof user(reply.message)?.id, 'string', stringify(reply).slice(0, 300));
  assert.equal(typeof user(await first.call(me)).id, 'number');
});

test('options that were set before the session came along', async (t) => {
  for (let i = 0; i < 6; i++) {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    await client.request({ options: { json: 'plain' } });
    const reply = await client.request({ session, message: me });
    assert.equal(typeof user(reply.message)?.id, 'string', stringify(reply).slice(0, 300));
  }
});

test('a connection that has spoken already shares it, once nothing else is asked', async (t) => {
  for (let i = 0; i < 6; i++) {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    await client.call({ _cons: 'help.getNearestDc' });
    const reply = await client.request({ session, message: me });
    assert.equal(reply.session?.session_id, session.session_id, stringify(reply).slice(0, 300));
  }
  assert.doesNotMatch(gateway.errors, ended);
});

test('a client may go from one session to another and back', async (t) => {
  const keys = [session];
  for (let i = 0; i < 3; i++) {
    const { client } = await line(t, {});
    keys.push((await client.signIn(`999662002${i}`, { first_name: 'Mary' })).session);
  }
  const { client } = await line(t, {});
  for (let i = 0; i < 12; i++) {
    const wanted = keys[i % keys.length];
    const reply = await client.request({ session: wanted, message: me });
    assert.equal(reply.session?.session_id, wanted.session_id, stringify(reply).slice(0, 300));
  }
  assert.doesNotMatch(gateway.errors, ended);
});

test('an object that sets what can not be set leaves the session as it is', async (t) => {
  for (let i = 0; i < 6; i++) {
    const { client } = await line(t, {});
    const own = (await client.signIn(`999662003${i}`, { first_name: 'Own' })).session;
    const reply = await client.request({ session, options: { layer: 'none' } });
    assert.equal(reply.error, 'TypeError');
    assert.equal((await client.request({ session: {} })).session.auth_key, own.auth_key);
  }
});

test('it outlives the client that began it', async (t) => {
  const own = await Client.connect(gateway.port);
  const signed = await own.signIn('9996620012', { first_name: 'Grace' });
  const heirs = await Promise.all(Array.from({ length: 4 }, () => line(t, { session: signed.session, message: me })));
  own.close();
  for (const { client } of heirs) assert.equal(user(await client.call(me)).first_name, 'Grace');
  assert.doesNotMatch(gateway.errors, ended);
});

test('a key that two gateways use is ended, and sign-in begins anew', async (t) => {
  const pem = path.join(folder(t), 'key.pem');
  const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', pem]);
  t.after(() => sandbox.close());
  const clients = [];
  for (let i = 0; i < 2; i++) {
    const own = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, '--api-id', '12345', '--api-hash', 'abcdef']);
    t.after(() => own.close());
    clients.push(await Client.connect(own.port));
    t.after(() => clients[i].close());
  }
  const [one, two] = clients;
  await one.request({ options: { events: true } });
  const { session: shared } = await one.signIn('9996620013', { first_name: 'Joan' });
  await one.request({ message: me });
  await two.request({ session: { auth_key: shared.auth_key, dc: shared.dc }, message: me });
  const refused = await one.request({ message: me });
  assert.equal(refused.message?.error_message, 'AUTH_KEY_DUPLICATED', stringify(refused).slice(0, 300));
  const { signin } = await one.next((value) => value.id === 0 && value.signin, 'the state of sign-in');
  assert.equal(signin.state, 'start');
  assert.match(signin.reason, ended);
  const again = await one.signIn('9996620013');
  assert.equal(again.signin.user.first_name, 'Joan');
  assert.notEqual(again.session.auth_key, shared.auth_key);
  assert.match(sandbox.errors, ended);
});

test('with --sandbox-strict-sessions false it is not', async (t) => {
  const pem = path.join(folder(t), 'key.pem');
  const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', pem, '--sandbox-strict-sessions', 'false']);
  t.after(() => sandbox.close());
  const other = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, '--api-id', '12345', '--api-hash', 'abcdef']);
  t.after(() => other.close());
  const [one, two] = await Promise.all([sandbox, other].map((it) => Client.connect(it.port)));
  t.after(() => [one, two].forEach((client) => client.close()));
  const { session: shared } = await one.signIn('9996620015', { first_name: 'Ann' });
  await two.request({ session: { auth_key: shared.auth_key, dc: shared.dc } });
  for (const client of [one, two, one, two]) assert.equal(user(await client.call(me)).first_name, 'Ann');
});
