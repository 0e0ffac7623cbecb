// Requests and replies: ids, attributes, and every row of the table of errors.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway } from './support/gateway.mjs';

let gateway, client;
const nearest = { _cons: 'help.getNearestDc' };
const opened = [];
const connect = async (where = gateway.port) => {
  const one = await Client.connect(where);
  opened.push(one);
  return one;
};

before(async () => {
  gateway = await Gateway.start();
  client = await connect();
  await client.request({ options: {} });
});
after(async () => {
  for (const one of opened) one.close();
  await gateway.close();
});

test('an id comes back as it came: integers of 64 bits and strings', async () => {
  for (const id of [2, -5, 9223372036854775807n, -9223372036854775808n, 'seven', '', 'é'.repeat(128)]) {
    const reply = await client.request({ id, options: {} });
    assert.equal(reply.id, id);
  }
});

test('a request without id is answered under 1', async () => {
  const reply = await client.raw('{"options":{}}\n');
  assert.equal(reply.id, 1);
  assert.ok(reply.options);
});

test('id 0, a fraction, a list and a string too long are refused', async () => {
  for (const id of ['0', '1.5', '[]', 'true', '9223372036854775808', `"${'x'.repeat(257)}"`]) {
    const reply = await client.raw(`{"id":${id},"options":{}}\n`);
    assert.equal(reply.error, 'TypeError', `id ${id.slice(0, 20)}`);
    assert.equal(reply.path, '/id');
  }
});

test('of a key given twice the last counts', async () => {
  const reply = await client.raw('{"id":3,"id":4,"options":{}}\n');
  assert.equal(reply.id, 4);
});

test('@extra comes back with its numbers\' own text', async () => {
  const extra = '{"a":[1.50,12345678901234567890123,1e3,null,true],"b":"x"}';
  const line = client.line((v) => v.id === 5);
  client.send(`{"id":5,"@extra":${extra},"options":{}}\n`);
  assert.ok((await line).text.includes(`"@extra":${extra}`));
});

test('one reply holds server, session, options and message', async () => {
  const reply = await client.request({ server: {}, session: {}, options: {}, message: nearest });
  assert.ok(reply.server.host);
  assert.ok(reply.session);
  assert.equal(reply.options.json, 'classic');
  assert.equal(reply.message._cons, 'nearestDc');
  assert.equal(reply._cons, undefined);
});

test('server says which Telegram this is and whom one may sign in as', async () => {
  const { server } = await client.request({ server: {} });
  assert.equal(server.telegram, 'sandbox');
  assert.equal(server.dc, 2);
  assert.equal(server.host, '127.0.0.1');
  assert.equal(server.port, gateway.dcs[2]);
  assert.match(server.rsa, /^-----BEGIN RSA PUBLIC KEY-----/);
  assert.match(JSON.stringify(server.accounts), /9996620001/);
});

test('a session before there is a key says so inside session', async () => {
  const fresh = await connect();
  const reply = await fresh.request({ session: {} });
  assert.equal(reply.error, undefined);
  assert.equal(typeof reply.session.error_message, 'string');
});

test('a ping asks for a key and nothing else', async () => {
  const fresh = await connect();
  assert.deepEqual({ ...(await fresh.call({ _cons: 'ping', ping_id: 42 })), msg_id: 0 },
    { _cons: 'pong', msg_id: 0, ping_id: 42 });
  const { session } = await fresh.request({ session: {} });
  assert.equal(Buffer.from(session.auth_key, 'base64').length, 256);
  assert.ok('session_id' in session && 'last_seqno' in session && session.dc === 2);
});

test('service functions answer, msgs_ack is replied boolTrue', async () => {
  assert.equal((await client.call({ _cons: 'get_future_salts', num: 2 }))._cons, 'future_salts');
  assert.equal((await client.call({ _cons: 'msgs_ack', msg_ids: [] }))._cons, 'boolTrue');
});

test('containers, rpc_result and the key exchange cannot be named', async () => {
  for (const message of [{ _cons: 'msg_container', messages: [] }, { _cons: 'gzip_packed', packed_data: '' },
    { _cons: 'rpc_result', req_msg_id: 1, result: nearest },
    { _cons: 'req_pq_multi', nonce: Buffer.alloc(16).toString('base64') }]) {
    const reply = await client.request({ message });
    assert.equal(reply.error, 'SchemeError', message._cons);
  }
});

test('many requests at once, each answered under its own id', async () => {
  const ids = Array.from({ length: 200 }, (_, i) => i + 1);
  const replies = await Promise.all(ids.map((id) => client.request({ id, message: { _cons: 'ping', ping_id: id } })));
  replies.forEach((reply, i) => assert.equal(reply.message.ping_id, i + 1));
});

test('requests under one id are answered in their order', async () => {
  const sent = Array.from({ length: 20 }, (_, i) => i + 1);
  for (const n of sent) client.send({ id: 77, message: { _cons: 'ping', ping_id: n } });
  for (const n of sent) assert.equal((await client.next((v) => v.id === 77)).message.ping_id, n);
});

test('an rpc_error carries its name and value', async () => {
  const fresh = await connect();
  const answer = await fresh.call({ _cons: 'messages.getDialogs', offset_peer: { _cons: 'inputPeerEmpty' } });
  assert.equal(answer._cons, 'rpc_error');
  assert.equal(answer.error_code, 401);
  assert.equal(answer.error_message, 'AUTH_KEY_UNREGISTERED');
  assert.equal(answer._name, 'AUTH_KEY_UNREGISTERED');
});

test('a method that the sandbox does not play is METHOD_NOT_PLAYED, which nobody takes for an ill server', async () => {
  const one = await connect();
  await one.signIn('9996620001');
  const answer = await one.call({ _cons: 'premium.getMyBoosts' });
  assert.equal(answer.error_code, 400);
  assert.equal(answer.error_message, 'METHOD_NOT_PLAYED');
});

// The table of errors, row by row.

test('JSONDecodeError: not JSON, with the offset and the start of the line', async () => {
  const reply = await client.raw('{"id":7,"options":{]}\n');
  assert.equal(reply.error, 'JSONDecodeError');
  assert.equal(reply.id, 7);
  assert.equal(reply.pos, 19);
  assert.equal(reply.doc, '{"id":7,"options":{]}');
});

test('JSONDecodeError: −2 where the text begins with no whole id', async () => {
  for (const text of ['{"options":{},"id":7', '{"id":7', '{"id":0,}', '{"id":1.5,}', 'nonsense'])
    assert.equal((await client.raw(`${text}\n`)).id, -2, text);
  assert.equal((await client.raw('\ufeff{"id":"a b",}\n')).id, 'a b');
});

test('a byte order mark before an object is none of it', async () => {
  assert.equal((await client.raw('\ufeff{"id":9,"options":{}}\n')).id, 9);
});

test('JSONDecodeError: doc is cut at 200 bytes and at a character', async () => {
  const reply = await client.raw(`{"id":"${'é'.repeat(300)}\n`);
  assert.equal(reply.error, 'JSONDecodeError');
  const bytes = Buffer.byteLength(reply.doc);
  assert.ok(bytes >= 198 && bytes <= 200, `${bytes} bytes`);
  assert.ok(!reply.doc.includes('\ufffd'));
});

test('JSONDecodeError: not UTF-8, shown as U+FFFD', async () => {
  const reply = await client.raw(Buffer.from('{"id":"\xff"}\n', 'latin1'));
  assert.equal(reply.error, 'JSONDecodeError');
  assert.equal(reply.id, -2);
  assert.equal(reply.doc, '{"id":"\ufffd"}');
});

test('JSONDecodeError: deeper than 128', async () => {
  const deep = (n) => `{"id":8,"@extra":${'['.repeat(n)}${']'.repeat(n)},"options":{}}\n`;
  assert.equal((await client.raw(deep(100))).id, 8);
  const reply = await client.raw(deep(100_000));
  assert.deepEqual([reply.id, reply.error], [8, 'JSONDecodeError']);
});

test('TypeError: a line that is JSON but no object, id −3', async () => {
  for (const text of ['[1]', '"x"', '12', 'null', 'true']) {
    const reply = await client.raw(`${text}\n`);
    assert.equal(reply.error, 'TypeError', text);
    assert.equal(reply.id, -3);
  }
});

test('TypeError: a wrong type or range, with a pointer', async () => {
  const peer = (user_id) => `{"id":9,"message":{"_cons":"messages.sendMessage","message":"x","peer":` +
    `{"_cons":"inputPeerUser","user_id":${user_id},"access_hash":0}}}\n`;
  for (const bad of ['{}', '1.5', '1e-3', '"abc"', '99999999999999999999', 'true', '[]']) {
    const reply = await client.raw(peer(bad));
    assert.equal(reply.error, 'TypeError', bad);
    assert.equal(reply.path, '/message/peer/user_id');
    assert.equal(reply.id, 9);
  }
});

test('TypeError: attributes of the wrong type', async () => {
  for (const [text, path] of [['"message":[]', '/message'], ['"session":7', '/session'],
    ['"server":"x"', '/server'], ['"options":[1]', '/options'], ['"signin":"code"', '/signin'],
    ['"timeout":"soon","options":{}', '/timeout'], ['"timeout":601,"options":{}', '/timeout']]) {
    const reply = await client.raw(`{"id":10,${text}}\n`);
    assert.equal(reply.error, 'TypeError', text);
    assert.equal(reply.path, path);
  }
});

test('TypeError: an unknown attribute, with the nearest known one', async () => {
  const reply = await client.raw('{"id":11,"mesage":{"_cons":"help.getNearestDc"}}\n');
  assert.equal(reply.error, 'TypeError');
  assert.equal(reply.id, 11);
  assert.match(reply.msg, /message/);
});

test('TypeError: message and signin together', async () => {
  const reply = await client.request({ message: nearest, signin: {} });
  assert.equal(reply.error, 'TypeError');
});

test('SchemeError: an unknown method, with the nearest name', async () => {
  const reply = await client.request({ message: { _cons: 'messages.getDialog', limit: 1 } });
  assert.equal(reply.error, 'SchemeError');
  assert.match(reply.path, /^\/message(\/_cons)?$/);
  assert.match(reply.msg, /messages\.getDialogs/);
});

test('SchemeError: an unknown field, with the nearest name', async () => {
  const reply = await client.request({ message: {
    _cons: 'messages.sendMessage', peer: { _cons: 'inputPeerSelf' }, message: 'x', silentt: true } });
  assert.equal(reply.error, 'SchemeError');
  assert.equal(reply.path, '/message/silentt');
  assert.match(reply.msg, /silent/);
});

test('SchemeError: a required field that is missing, and flags that were named', async () => {
  const missing = await client.request({ message: { _cons: 'messages.sendMessage', message: 'x' } });
  assert.equal(missing.error, 'SchemeError');
  assert.match(missing.path, /^\/message(\/peer)?$/);
  assert.match(missing.msg, /peer/);
  const flags = await client.request({ message: {
    _cons: 'messages.sendMessage', flags: 0, peer: { _cons: 'inputPeerSelf' }, message: 'x' } });
  assert.equal(flags.error, 'SchemeError');
  assert.equal(flags.path, '/message/flags');
});

test('SchemeError: a constructor of another type, with the type that is due', async () => {
  const reply = await client.request({ message: {
    _cons: 'messages.sendMessage', peer: { _cons: 'peerUser', user_id: 1 }, message: 'x' } });
  assert.equal(reply.error, 'SchemeError');
  assert.match(reply.path, /^\/message\/peer(\/_cons)?$/);
  assert.match(reply.msg, /InputPeer/);
});

test('SchemeError: a message without _cons', async () => {
  const reply = await client.request({ message: { limit: 1 } });
  assert.equal(reply.error, 'SchemeError');
});

test('LineTooLong: 17 MiB, and the connection goes on', async () => {
  const fresh = await connect();
  await fresh.request({ options: {} });
  const reply = await fresh.raw(`{"id":12,"@extra":"${'x'.repeat(17 << 20)}","options":{}}\n`);
  assert.equal(reply.error, 'LineTooLong');
  assert.equal(reply.id, 12);
  assert.equal(reply.limit, 16 << 20);
  assert.equal((await fresh.request({ id: 13, options: {} })).id, 13);
});

test('a line of 15 MiB goes through', async () => {
  const fresh = await connect();
  const extra = 'y'.repeat(15 << 20);
  const reply = await fresh.request({ '@extra': extra, options: {} });
  assert.equal(reply['@extra'], extra);
});

test('SessionError: auth_key and dc that cannot be', async () => {
  const key = crypto.randomBytes(256).toString('base64');
  for (const [session, path] of [
    [`{"auth_key":"AAAA","session_id":1}`, '/session/auth_key'],
    [`{"auth_key":"${key}","dc":5320}`, '/session/dc']]) {
    const reply = await client.raw(`{"id":14,"session":${session}}\n`);
    assert.equal(reply.error, 'SessionError');
    assert.equal(reply.path, path);
  }
});

test('SigninError: a step that does not fit, with the state', async () => {
  const fresh = await connect();
  const reply = await fresh.request({ signin: { code: '22222' } });
  assert.equal(reply.error, 'SigninError');
  assert.equal(reply.state, 'start');
});

test('ConnectionError: nobody listens there', async () => {
  const fresh = await connect();
  await fresh.request({ server: { host: '127.0.0.1', port: 1 } });
  const reply = await fresh.request({ message: nearest });
  assert.equal(reply.error, 'ConnectionError');
  assert.equal(typeof reply.reason, 'string');
  assert.equal(reply.dc, 2);
});

test('ConnectionError: a key that is unknown there', async () => {
  const fresh = await connect();
  const auth_key = crypto.randomBytes(256).toString('base64');
  const reply = await fresh.request({ session: { auth_key, session_id: 5 }, message: nearest });
  assert.equal(reply.error, 'ConnectionError');
  assert.match(`${reply.reason} ${reply.msg}`, /404|unknown/);
});

test('ConnectionError: another\'s RSA key', async () => {
  const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    .export({ type: 'pkcs1', format: 'pem' });
  const fresh = await connect();
  await fresh.request({ server: { host: '127.0.0.1', port: gateway.dcs[2], rsa: other } });
  const reply = await fresh.request({ message: nearest });
  assert.equal(reply.error, 'ConnectionError');
});

test('nothing of a refused object is applied', async () => {
  const fresh = await connect();
  const reply = await fresh.request({ options: { json: 'plain' }, message: { _cons: 'no.such' } });
  assert.equal(reply.error, 'SchemeError');
  assert.equal((await fresh.request({ options: {} })).options.json, 'classic');
});

test('with max_message nothing longer comes, and the request is told how long its reply is', async () => {
  const client = await Client.connect(gateway.port);
  assert.equal((await client.request({ options: { max_message: 4096 } })).options.max_message, 4096);
  const refused = await client.request({ message: { _cons: 'help.getConfig' }, '@extra': 'x'.repeat(4000) });
  assert.deepEqual([refused.error, refused.limit, refused['@extra']], ['AnswerTooLong', 4096, undefined]);
  assert.ok(refused.size > 4096);
  assert.equal((await client.request({ message: { _cons: 'help.getNearestDc' } })).message._cons, 'nearestDc');
  await client.request({ options: { max_message: 0 } });
  const whole = await client.request({ message: { _cons: 'help.getConfig' }, '@extra': 'x'.repeat(4000) });
  assert.equal(whole.message._cons, 'config');
  client.close();
});
