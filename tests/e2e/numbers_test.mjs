// What JSON libraries make of numbers and of empty things: a session comes home from each of them, a
// number counts by its value, and where digits were lost somebody says so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, pause, run, signinCli } from './support/gateway.mjs';

let gateway;
const opened = [];
const connect = async () => {
  const one = await Client.connect(gateway.port);
  opened.push(one);
  return one;
};
const me = { _cons: 'users.getUsers', id: ['me'] };

before(async () => (gateway = await Gateway.start()));
after(async () => {
  for (const one of opened) one.close();
  await gateway.close();
});

// A session that nobody uses any more.
const left = async () => {
  const one = await connect();
  await one.signIn('9996620001');
  const { session } = await one.request({ session: {} });
  one.close();
  await pause(200);
  return session;
};

// Every number of a text, as it is written.
const numbers = (text) => text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];

test('no number of a session is beyond 2^53 or has more than 14 digits, in any notation', async () => {
  for (const json of ['classic', 'plain', 'auto']) {
    const one = await connect();
    await one.request({ options: { json } });
    await one.signIn('9996620001');
    const line = one.line((v) => v.id === 5);
    one.send({ id: 5, session: {}, server: {}, options: {} });
    const { text, value: { session } } = await line;
    assert.deepEqual(numbers(text).filter((n) => !/^\d{1,14}$/.test(n)), [], text);
    assert.ok(BigInt(session.session_id) < 1n << 46n);
    assert.match(session.server_salt, /^\d+$/);
    assert.equal(typeof session.session_id, json === 'plain' ? 'string' : 'number');
  }
});

for (const [what, damage] of Object.entries({
  'rounded as JavaScript writes it': { session_id: 7322736019842080000n },
  'rounded as C writes it': { session_id: 7322736019842079744n },
  'wrapped': { session_id: -5 },
  'too large': { session_id: 2n ** 64n },
  'no number': { session_id: 'x' },
  'a salt rounded': { server_salt: 7322736019842080000n },
  'a salt wrapped': { server_salt: -1 },
  'a sequence number that is none': { last_seqno: -4 },
})) {
  test(`${what}, the session goes on under a fresh id`, async () => {
    const before = await left();
    const one = await connect();
    const { session } = await one.request({ session: { ...before, ...damage } });
    assert.equal(session.auth_key, before.auth_key);
    assert.ok(![before.session_id, damage.session_id].includes(session.session_id));
    assert.ok(session.session_id > 0 && session.session_id < 2 ** 46, `${session.session_id}`);
    assert.equal((await one.call(me))._items[0].first_name, 'Ada');
  });
}

test('with a fraction or an exponent, too', async () => {
  for (const members of ['"session_id":1.2345e13,"last_seqno":3', '"session_id":5,"last_seqno":4.0',
    '"session_id":5,"last_seqno":3,"server_salt":1e999999999']) {
    const { auth_key } = await left();
    const one = await connect();
    const { session } = await one.raw(`{"session":{"auth_key":"${auth_key}",${members}}}\n`);
    assert.equal(session.auth_key, auth_key);
    assert.ok(![5, 1.2345e13].includes(session.session_id));
    assert.equal((await one.call(me))._items[0].first_name, 'Ada');
  }
});

test('a number is its value: in id, dc, timeout and in arguments', async () => {
  const one = await connect();
  await one.signIn('9996620001');
  const text = (request) => {
    const line = one.line((v) => v.id !== 0);
    one.send(`${request}\n`);
    return line.then(({ text: reply }) => reply);
  };
  assert.match(await text('{"id":4.0,"options":{}}'), /^\{"id":4,"options"/);
  assert.match(await text('{"id":1E2,"timeout":"5","dc":3.0,"message":{"_cons":"help.getNearestDc"}}'),
    /^\{"id":100,"message":\{"_cons":"nearestDc",.*"this_dc":3,/);
  assert.match(await text('{"id":9.996620001E9,"message":{"_cons":"messages.getHistory","peer":"me","limit":5.0}}'),
    /^\{"id":9996620001,"message":\{"_cons":"messages.messages/);
  const started = Date.now();
  const large = await text(`{"id":7,"message":{"_cons":"ping","ping_id":1e999999999}}`);
  assert.match(large, /"error":"TypeError".*out of the range of long/);
  assert.ok(Date.now() - started < 5000);
});

test('a long that lost digits is refused, with what helps', async () => {
  const one = await connect();
  for (const number of ['7.32273601984208e18', '9007199254740993.0']) {
    const reply = await one.raw(`{"message":{"_cons":"users.getUsers","id":[{"_cons":"inputUser","user_id":5,"access_hash":${number}}]}}\n`);
    assert.equal(reply.error, 'TypeError');
    assert.equal(reply.path, '/message/id/0/access_hash');
    assert.equal(reply.msg, `long is due, and ${number} lost digits on its way; {"options":{"json":"plain"}} gives longs as strings`);
  }
});

test('empty is empty, null is none, and nothing asked is said', async () => {
  const one = await connect();
  await one.signIn('9996620001');
  assert.ok((await one.request({ session: [], options: [], server: [] })).session.auth_key);
  assert.equal((await one.request({ signin: [] })).signin.state, 'done');
  assert.deepEqual((await one.call({ ...me, id: {} }))._items, []);
  for (const key of ['session', 'options', 'server', 'signin', 'message']) {
    const reply = await one.request({ [key]: null });
    assert.equal(reply.error, 'TypeError');
    assert.equal(reply.path, `/${key}`);
  }
  const reply = await one.raw('{"id":8}\n');
  assert.equal(reply.id, 8);
  assert.match(reply.msg, /^nothing is asked/);
});

test('a peer whose access_hash was rounded is refused with a hint, once a connection', async () => {
  const one = await connect();
  await one.signIn('9996620001');
  const [bot] = (await one.call({ ...me, id: ['@echobot'] }))._items;
  const to = (access_hash) => one.request({ message: { _cons: 'messages.getHistory', limit: 1,
    peer: { _cons: 'inputPeerUser', user_id: bot.id, access_hash } } });
  assert.match((await to(bot.access_hash)).message._cons, /^messages\./);
  // One that ends with a 0 could be what a double prints.
  const beside = [1n, 2n].map((bit) => BigInt(bot.access_hash) ^ bit).find((hash) => hash % 10n !== 0n);
  const wrong = await to(beside);
  assert.equal(wrong.message.error_message, 'PEER_ID_INVALID');
  assert.equal(wrong.hint, undefined);
  // As JavaScript writes it, and never given: the hash of somebody else.
  const rounded = await to(7322736019842080000n);
  assert.equal(rounded.message.error_message, 'PEER_ID_INVALID');
  assert.match(rounded.hint, /`access_hash` 7322736019842080000 .*"json":"plain"/);
  assert.equal((await to(7322736019842080000n)).hint, undefined);
});

test('auto: a long is a string only beyond 2^53', async () => {
  const session = await left();
  const one = await connect();
  const line = one.line((v) => v.id === 1);
  one.send({ id: 1, options: { json: 'auto' }, session, message: { ...me, id: ['me', '@echobot'] } });
  const { text, value } = await line;
  assert.equal(value.options.json, 'auto');
  const users = value.message;
  assert.ok(users.length === 2 && users[0].self === true, text);
  for (const { id, access_hash } of users) {
    assert.equal(typeof id, 'number');
    const small = BigInt.asIntN(64, BigInt(access_hash)) >= -(2n ** 53n) && BigInt(access_hash) <= 2n ** 53n;
    assert.equal(typeof access_hash, small ? 'number' : 'string');
  }
});

test('a path may choose auto', async () => {
  const reply = await fetch(`http://127.0.0.1:${gateway.port}/json?json=auto`, { method: 'POST', body: '{"options":{}}' });
  assert.equal((await reply.json()).options.json, 'auto');
});

test('signin-cli --json gives a line that asks for its notation', async () => {
  const { stdout } = await run(signinCli, ['--port', `${gateway.port}`, '--phone', '9996620001', '--json', 'plain'], { input: '22222\n' });
  assert.match(stdout, /^\{"id": 1, "options": \{"json": "plain"\}, "session": \{"session_id": "\d+", /);
  const one = await connect();
  assert.equal((await one.raw(stdout)).options.json, 'plain');
  assert.equal((await one.call(me))[0].first_name, 'Ada');
});
