// What clients of the original tool send and rely on: its own signin-cli, ex-mtproto2json and
// everybody's nc. A rule a test.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Client, messageOf } from './support/client.mjs';
import { parse } from './support/json.mjs';
import { Gateway, pause } from './support/gateway.mjs';

let gateway, session;
before(async () => {
  gateway = await Gateway.start(['--sandbox', '--ignore-unknown']);
  const client = await Client.connect(gateway.port);
  await client.signIn('9996620001');
  ({ session } = await client.request({ session: {} }));
  client.close();
  await pause(200);
});
after(() => gateway.close());

const dialogs = { _cons: 'messages.getDialogs', offset_date: 0, offset_id: 0,
  offset_peer: { _cons: 'inputPeerEmpty' }, limit: 0 };
const signedIn = async (t) => {
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  const { auth_key } = session;
  await client.request({ id: 1, session: { auth_key, session_id: 1234567890123456789n } });
  return client;
};
const text = async (client, request) => {
  const line = client.line((v) => v.id === request.id);
  client.send(request);
  return (await line).text;
};

describe('an old client', { concurrency: true }, () => {
  test('its whole transcript: session, updateStatus, getDialogs, an update between', async (t) => {
    const client = await signedIn(t);
    const status = await client.request({ message: { _cons: 'account.updateStatus', offline: { _cons: 'boolFalse' } }, id: 2 });
    assert.deepEqual(status, { id: 2, message: { _cons: 'boolTrue' } });
    const { id, message } = await client.request({ message: dialogs, id: 3 });
    assert.equal(id, 3);
    assert.match(message._cons, /^messages\.dialogs/);
    for (const key of ['dialogs', 'messages', 'chats', 'users']) assert.ok(Array.isArray(message[key]), key);
    await client.request({ id: 4, message: { _cons: 'messages.sendMessage', peer: '@echobot', message: 'old', random_id: 123456789 } });
    await client.update((u) => messageOf(u)?.message === 'old' && !messageOf(u).out, 'echo');
  });

  test('ids are integers, echoed identical, and start again on each connection', async (t) => {
    for (let round = 0; round < 2; round++) {
      const client = await signedIn(t);
      for (const id of [1, 2, 3]) {
        assert.match(await text(client, { id, message: { _cons: 'ping', ping_id: id } }), new RegExp(`^\\{"id":${id},`));
      }
    }
  });

  test('without an id the answer comes under 1', async (t) => {
    const client = await signedIn(t);
    client.send({ message: { _cons: 'updates.getState' } });
    assert.equal((await client.next((v) => v.id === 1)).message._cons, 'updates.state');
  });

  test('no _cons, chats, users or updates at the top of an answer', async (t) => {
    const client = await signedIn(t);
    const reply = await client.request({ id: 5, message: dialogs });
    assert.deepEqual(Object.keys(reply), ['id', 'message']);
  });

  test('errors are plain objects with error and msg', async (t) => {
    const client = await signedIn(t);
    const reply = await client.request({ id: 6, message: { _cons: 'nonsense' } });
    assert.equal(typeof reply.error, 'string');
    assert.equal(typeof reply.msg, 'string');
    assert.equal(reply.message, undefined);
  });

  test('64-bit values are bare numbers', async (t) => {
    const client = await signedIn(t);
    const answer = await text(client, { id: 7, message: { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] } });
    assert.match(answer, /"id":\d+,"access_hash":-?\d+,/);
  });

  test('flags and Bool are objects, absent fields are absent', async (t) => {
    const client = await signedIn(t);
    const answer = await text(client, { id: 8, message: dialogs });
    assert.match(answer, /"creator":\{"_cons":"true"\}/);
    assert.match(answer, /"bot":\{"_cons":"true"\}/);
    assert.doesNotMatch(answer, /:(null|true|false)[,}]/);
  });

  test('no invokeWithLayer, no initConnection, no hash', async (t) => {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    client.send({ session: { auth_key: session.auth_key, session_id: 7 }, message: dialogs });
    assert.match((await client.next((v) => v.id === 1)).message._cons, /^messages\.dialogs/);
  });

  test('its signin-cli: the next line is the answer, api_id comes as a string', async (t) => {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    const call = async (method) => {
      client.send({ message: { _cons: 'invokeWithLayer', layer: 73, _wrapped: { _cons: 'initConnection',
        api_id: '12345', device_model: 'Python', system_version: '3.6', app_version: 'prototype',
        lang_code: 'en', _wrapped: method } } });
      return (await client.next(() => true)).message;
    };
    const phone_number = '9996620001';
    const sent = await call({ _cons: 'auth.sendCode', phone_number, api_id: '12345', api_hash: 'abcdef' });
    assert.equal(sent._cons, 'auth.sentCode');
    const { phone_code_hash } = sent;
    const done = await call({ _cons: 'auth.signIn', phone_number, phone_code_hash, phone_code: '22222' });
    assert.equal(done._cons, 'auth.authorization');
    const { session: { auth_key, session_id } } = await client.request({ session: {} });
    assert.equal(Buffer.from(auth_key, 'base64').length, 256);
    assert.ok(BigInt(session_id) >= 0n, 'unsigned');
  });

  test('session, server and message in one line, one reply', async (t) => {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    const reply = await client.request({ session: { auth_key: session.auth_key, session_id: 8 }, server: {},
      message: { _cons: 'ping', ping_id: 1 } });
    assert.deepEqual(['id', 'message', 'server', 'session'].filter((key) => !(key in reply)), []);
  });

  test('the saved line comes back whole, with keys that it does not know', async (t) => {
    const client = await Client.connect(gateway.port);
    t.after(() => client.close());
    const reply = await client.request({ session: { ...session, session_id: 18446744073709551615n, extra: [1] } });
    assert.equal(reply.session.auth_key, session.auth_key);
    assert.match((await client.call({ _cons: 'updates.getState' }))._cons, /updates\.state/);
  });

  test('a session_id above 64 bits is not cut: another is drawn, and shown', async (t) => {
    const client = await signedIn(t);
    const given = 53201012847611012222n;
    const reply = await client.request({ session: { auth_key: session.auth_key, session_id: given } });
    assert.equal(reply.session.auth_key, session.auth_key);
    assert.notEqual(BigInt(reply.session.session_id), BigInt.asUintN(64, given));
    assert.ok(reply.session.session_id > 0 && reply.session.session_id < 2 ** 46);
  });

  test('of a key given twice the last counts', async (t) => {
    const client = await signedIn(t);
    const reply = await client.raw('{"id":9,"message":{"_cons":"ping","ping_id":1,"ping_id":2},"id":10}\n');
    assert.equal(reply.id, 10);
    assert.equal(reply.message.ping_id, 2);
  });

  test('a double is a number; a list of one is taken too', async (t) => {
    const client = await signedIn(t);
    for (const time of [1.5, [1.5]]) {
      const reply = await client.request({ message: { _cons: 'help.saveAppLog', events: [
        { _cons: 'inputAppEvent', time, type: 'x', peer: 0, data: { _cons: 'jsonNull' } }] } });
      assert.equal(reply.error, undefined);
    }
  });

  test('unknown fields are ignored under --ignore-unknown', async (t) => {
    const client = await signedIn(t);
    const reply = await client.request({ message: { ...dialogs, exclude_me: 1, hash: null } });
    assert.match(reply.message._cons, /^messages\.dialogs/);
    assert.deepEqual(reply.ignored, ['/message/exclude_me']);
  });

  test('answers may come out of order, each line is one whole object', async (t) => {
    const client = await signedIn(t);
    for (let id = 20; id < 60; id++) client.send({ id, message: id % 2 ? dialogs : { _cons: 'ping', ping_id: id } });
    for (let id = 20; id < 60; id++) assert.ok((await client.next((v) => v.id === id)).message);
  });

  test('a client that does not read for a while loses nothing', async (t) => {
    const socket = net.connect(gateway.port, '127.0.0.1');
    t.after(() => socket.destroy());
    const { auth_key } = session;
    socket.write(`${JSON.stringify({ id: 1, session: { auth_key, session_id: 99 } })}\n`);
    for (let id = 2; id < 400; id++) socket.write(`${JSON.stringify({ id, message: dialogs })}\n`);
    await pause(4000);
    const ids = new Set();
    let rest = '';
    for await (const data of socket) {
      const lines = (rest + data).split('\n');
      rest = lines.pop();
      for (const line of lines) ids.add(parse(line).id);
      if (ids.size >= 399) break;
    }
    for (let id = 1; id < 400; id++) assert.ok(ids.has(id), `${id}`);
  });

  test('a minute of silence, then an update still arrives', async (t) => {
    const quiet = await signedIn(t);
    await quiet.request({ message: { _cons: 'updates.getState' } });
    await pause(65_000);
    assert.ok(!quiet.over);
    const other = await signedIn(t);
    await other.request({ message: { _cons: 'messages.sendMessage', peer: 'me', message: 'awake?' } });
    await quiet.newMessage('awake?');
  });
});

test('unknown fields are refused without it', async () => {
  const strict = await Gateway.start();
  const client = await Client.connect(strict.port);
  const reply = await client.request({ message: { ...dialogs, exclude_me: 1 } });
  assert.equal(reply.error, 'SchemeError');
  client.close();
  await strict.close();
});
