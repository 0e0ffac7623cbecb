// /api/v1/{account}/{method}: as people type it with curl, and by the byte.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, apart, folder, run } from './support/gateway.mjs';
import { Relay } from './support/relay.mjs';
import { Wire, metrics, request } from './support/wire.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:', '--max-line', '2000000']);
  await signIn(gateway, 'ada', '9996620001');
});
after(() => gateway.close());

// An account that is kept under that name.
async function signIn({ port }, name, phone, token) {
  const client = await Client.connect(port);
  try {
    await client.request({ ...(token && { token }), account: name, signin: { phone } });
    let { signin } = await client.request({ account: name, signin: { code: '22222' } });
    if (signin.state === 'password') ({ signin } = await client.request({ account: name, signin: { password: 'sandbox' } }));
    assert.equal(signin.state, 'done');
  } finally {
    client.close();
  }
}

// curl as it is typed: its response's status, headers and body.
async function curl(target, args = [], { port } = gateway) {
  const { status, stdout, stderr } = await run('curl',
    ['-s', '-g', '-i', ...args, `http://localhost:${port}/api/v1/${target}`]);
  assert.equal(status, 0, stderr);
  const [head, ...body] = stdout.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n');
  const [first, ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(fields.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
  }));
  const text = body.join('\r\n\r\n');
  return { status: Number(first.split(' ')[1]), headers, text, value: text ? JSON.parse(text) : undefined };
}

test('a message is sent by one line of curl', async () => {
  const { status, value, headers } = await curl('ada/messages.sendMessage',
    ['-d', '{"peer":"@echobot","message":"backup done"}']);
  assert.equal(status, 200, JSON.stringify(value));
  assert.equal(value.ok, true);
  assert.match(value.result._cons, /^update/);
  assert.match(headers['content-type'], /^application\/json/);
  assert.equal(headers['cache-control'], 'no-store');
});

test('what only reads is a URL', async () => {
  const { status, value } = await curl('ada/messages.getHistory?peer=@echobot&limit=1');
  assert.equal(status, 200, JSON.stringify(value));
  assert.equal(value.result.messages.length, 1);
});

test('arguments of a GET are read by their types', async () => {
  const users = (await curl('ada/users.getUsers?id=me&id=@echobot')).value;
  assert.deepEqual(users.result.map(({ first_name: name }) => name).length, 2);
  assert.deepEqual((await curl('ada/users.getUsers?id=["me"]')).value.result.length, 1);
  const search = (await curl('ada/messages.search?peer=me&q={"a":1}&filter={"_cons":"inputMessagesFilterEmpty"}&min_date=0&max_date=0')).value;
  assert.equal(search.ok, true, JSON.stringify(search));
});

test('a method without arguments wants no body', async () => {
  assert.equal((await curl('ada/help.getNearestDc', ['-X', 'POST'])).value.result._cons, 'nearestDc');
  assert.equal((await curl('ada/help.getNearestDc', ['-d', ''])).value.result._cons, 'nearestDc');
  assert.equal((await curl('ada/help.getNearestDc')).value.result._cons, 'nearestDc');
});

test('the list of accounts wants none', async () => {
  const { status, value } = await curl('', ['-X', 'GET', '-d', '{}']);
  assert.deepEqual([status, value.description], [400, 'no body is due here']);
  assert.equal((await curl('')).value.result.length, 1);
});

test('longs are strings', async () => {
  const { value } = await curl('ada/users.getUsers?id=me');
  assert.equal(typeof value.result[0].access_hash, 'string');
});

test('a refusal of Telegram has its code and its words', async () => {
  const { status, value } = await curl('ada/messages.sendMessage',
    ['-d', '{"peer":"@nobody_at_all","message":"hi"}']);
  assert.equal(status, 400);
  assert.deepEqual(value, { ok: false, error_code: 400, description: 'USERNAME_NOT_OCCUPIED' });
});

test('an account that there is not is 404', async () => {
  const { status, value } = await curl('nobody/help.getNearestDc');
  assert.equal(status, 404, JSON.stringify(value));
  assert.equal(value.ok, false);
  assert.equal(value.error, 'NoSuchAccount');
});

test('a method that there is not is 404, with the nearest', async () => {
  const { status, value } = await curl('ada/messages.sendMesage', ['-d', '{}']);
  assert.equal(status, 404);
  assert.match(value.description, /"messages\.sendMessage"/);
});

test('a field that is wrong or lacks is 400 with its place', async () => {
  const odd = await curl('ada/messages.sendMessage', ['-d', '{"peer":"me","message":"x","mesage":"y"}']);
  assert.equal(odd.status, 400);
  assert.deepEqual([odd.value.error, odd.value.path], ['SchemeError', '/mesage']);
  const wrong = await curl('ada/messages.sendMessage', ['-d', '{"peer":"me","message":7}']);
  assert.deepEqual([wrong.status, wrong.value.error, wrong.value.path], [400, 'TypeError', '/message']);
  const late = await curl('ada/help.getNearestDc?timeout=1000');
  assert.deepEqual([late.status, late.value.path], [400, '?timeout']);
});

test('what changes something is not done by GET', async () => {
  const { status, headers, value } = await curl('ada/messages.sendMessage?peer=me&message=hi');
  assert.equal(status, 405);
  assert.equal(headers.allow, 'POST, OPTIONS');
  assert.equal(value.ok, false);
});

test('HEAD is GET without the body', async () => {
  const { status, headers, text } = await curl('ada/help.getNearestDc', ['-I']);
  assert.equal(status, 200);
  assert.ok(Number(headers['content-length']) > 20);
  assert.equal(text, '');
});

test('a body of a file, asked for by Expect: 100-continue and in chunks', async (t) => {
  const file = path.join(folder(t), 'part.json');
  const bytes = Buffer.alloc(524288, 7).toString('base64');
  fs.writeFileSync(file, JSON.stringify({ file_id: '77', file_part: 0, bytes }));
  for (const how of [['-H', 'Expect: 100-continue'], ['-H', 'Transfer-Encoding: chunked']]) {
    const { status, value } = await curl('ada/upload.saveFilePart', [...how, '--data-binary', `@${file}`]);
    assert.equal(status, 200, JSON.stringify(value));
    assert.equal(value.result, true);
  }
});

test('a body above --max-line is 413', async (t) => {
  const file = path.join(folder(t), 'long.json');
  fs.writeFileSync(file, `{"bytes":"${'x'.repeat(2_100_000)}"}`);
  const { status, value } = await curl('ada/upload.saveFilePart', ['-H', 'Expect:', '--data-binary', `@${file}`]);
  assert.equal(status, 413);
  assert.equal(value.error_code, 413);
});

test('calls on one connection are answered in their order, refused ones among them', async () => {
  const wire = await Wire.connect(gateway.port);
  try {
    wire.send(
      request('/api/v1/ada/help.getNearestDc', { body: '{}' }) +
        request('/api/v1/ada/help.getNearestDcs', { body: '{}' }) +
        request('/api/v1/ada/help.getNearestDc', { body: '{"x":' }) +
        request('/api/v1/ada/help.getNearestDc') +
        request('/livez'),
    );
    assert.equal((await wire.response()).status, 200);
    assert.equal((await wire.response()).status, 404);
    assert.equal((await wire.response()).status, 400);
    assert.equal(JSON.parse((await wire.response()).text).result._cons, 'nearestDc');
    assert.equal((await wire.response()).text, 'alive\n');
  } finally {
    wire.close();
  }
});

test('one connection serves calls of several accounts and tokens, each with what it may', async (t) => {
  const tokens = path.join(folder(t), 'tokens');
  fs.writeFileSync(tokens, 'ops:all-of-it-0123456789 accounts=*\nbob:only-for-bob-012345 accounts=bob\n', { mode: 0o600 });
  const guarded = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:', '--token-file', tokens]);
  t.after(() => guarded.close());
  await signIn(guarded, 'ada', '9996620001', 'all-of-it-0123456789');
  await signIn(guarded, 'bob', '9996620002', 'all-of-it-0123456789');
  const wire = await Wire.connect(guarded.port);
  t.after(() => wire.close());
  const me = async (account, token) => {
    wire.send(request(`/api/v1/${account}/users.getUsers?id=me`, { headers: { Authorization: `Bearer ${token}` } }));
    const { status, text } = await wire.response();
    return status === 200 ? JSON.parse(text).result[0].phone : status;
  };
  for (let i = 0; i < 2; i += 1) {
    assert.equal(await me('ada', 'all-of-it-0123456789'), '9996620001');
    assert.equal(await me('bob', 'all-of-it-0123456789'), '9996620002');
    assert.equal(await me('bob', 'only-for-bob-012345'), '9996620002');
    assert.equal(await me('ada', 'only-for-bob-012345'), 403);
  }
  // What is no method has the scope of a token, too.
  for (const [target, due] of [['bob', 200], ['bob/signin', 200], ['ada', 403], ['ada/signin', 403]]) {
    wire.send(request(`/api/v1/${target}`, { headers: { Authorization: 'Bearer only-for-bob-012345' } }));
    assert.equal((await wire.response()).status, due, target);
  }
});

test('a call behind one that came too late gets its own answer', async (t) => {
  const relay = new Relay();
  const { gateway: far } = await apart(t, relay, ['--api-id', '12345', '--api-hash', 'abcdef', '--store', 'sqlite::memory:']);
  await signIn(far, 'ada', '9996620001');
  const wire = await Wire.connect(far.port);
  t.after(() => wire.close());
  const ask = async (target) => {
    wire.send(request(`/api/v1/ada/${target}`));
    const { status, text } = await wire.response();
    return [status, JSON.parse(text).result?._cons];
  };
  assert.deepEqual(await ask('help.getNearestDc'), [200, 'nearestDc']);
  relay.hold();
  assert.deepEqual(await ask('help.getNearestDc?timeout=0.3'), [504, undefined]);
  relay.release();
  assert.deepEqual(await ask('help.getConfig'), [200, 'config']);
});

test('somebody signs in by steps that are posted, and what Telegram refuses stands beside the state', async () => {
  const step = (body) => curl('grace/signin', ['-d', JSON.stringify(body)]);
  const code = await step({ phone: '9996620002' });
  assert.deepEqual([code.status, code.value.ok, code.value.result.state], [200, true, 'code'], code.text);
  const wrong = await step({ code: '12345' });
  assert.deepEqual([wrong.status, wrong.value.error_code, wrong.value.description, wrong.value.signin.state],
    [400, 400, 'PHONE_CODE_INVALID', 'code']);
  assert.equal((await curl('grace/signin')).value.result.state, 'code');
  assert.equal((await step({ code: '22222' })).value.result.state, 'password');
  assert.equal((await step({ password: 'sandbox' })).value.result.state, 'done');
  assert.equal((await curl('grace/users.getUsers?id=me')).value.result[0].first_name, 'Grace');
});

test('calls are counted as other requests are', async () => {
  const count = async () => (await metrics(gateway.port)).get('streamjson_requests_total{outcome="answered"}');
  const before = await count();
  await curl('ada/help.getNearestDc');
  assert.equal(await count(), before + 1);
});

test('an answer of megabytes comes whole', async (t) => {
  const url = (i) => `https://example.org/${Array.from({ length: 700 }, (_, k) => ((i * 7919 + k * k * 104729) % 1296).toString(36)).join('')}`;
  const entities = Array.from({ length: 100 }, (_, i) => ({ _cons: 'messageEntityTextUrl', offset: i * 2, length: 1, url: url(i) }));
  const dir = folder(t);
  const call = (method, body) => {
    fs.writeFileSync(path.join(dir, 'body.json'), JSON.stringify(body));
    return curl(`ada/${method}`, ['--data-binary', `@${path.join(dir, 'body.json')}`]);
  };
  const sent = await call('messages.sendMessage', { peer: 'me', message: `${'a '.repeat(99)}a`, entities });
  const { id } = sent.value.result.updates?.find(({ _cons }) => _cons === 'updateMessageID') ?? sent.value.result;
  const { status, headers, text, value } = await call('messages.getMessages', { id: Array(20).fill({ _cons: 'inputMessageID', id }) });
  assert.equal(status, 200, text.slice(0, 300));
  assert.ok(text.length > 2_000_000);
  assert.equal(Number(headers['content-length']), Buffer.byteLength(text));
  assert.equal(value.result.messages.length, 20);
  for (const message of value.result.messages) assert.equal(message.entities.length, 100);
});

// What of an answer its schema does not know, or lacks; pointers into it.
function strange(document, schema, value, at = '') {
  const { $ref: to } = schema;
  if (to) return strange(document, document.components.schemas[to.split('/').at(-1)], value, at);
  if (schema.enum && !schema.enum.includes(value)) return [at];
  if (Array.isArray(value)) return schema.type === 'array' ? value.flatMap((item, i) => strange(document, schema.items, item, `${at}/${i}`)) : [at];
  if (value === null || typeof value !== 'object') {
    return schema.type === (Number.isInteger(value) ? 'integer' : typeof value) ? [] : [at];
  }
  if (schema.additionalProperties === true) return [];
  return [...(schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}/${name}`),
    ...Object.entries(value).flatMap(([name, one]) => {
      const known = schema.properties[name];
      return known ? strange(document, known, one, `${at}/${name}`) : [`${at}/${name}`];
    })];
}

test('/openapi.json tells of the gateway\'s own paths what they take and answer', async () => {
  const document = await (await fetch(`http://127.0.0.1:${gateway.port}/openapi.json`)).json();
  const own = Object.entries(document.paths).filter(([, item]) => Object.values(item).some(({ tags }) => tags?.includes('gateway')));
  assert.ok(own.length >= 7);
  for (const [where, item] of own) {
    const target = where.replace('/api/v1', '').replace('{account}', 'ada').replace('{name}', 'ops').slice(1);
    const { headers } = await curl(target, ['-X', 'OPTIONS']);
    const verbs = headers.allow.split(', ').filter((verb) => verb !== 'HEAD' && verb !== 'OPTIONS');
    assert.deepEqual(Object.keys(item).filter((key) => key !== 'parameters').map((verb) => verb.toUpperCase()).sort(), verbs.sort(), where);
  }
  await curl('ada/messages.sendMessage', ['-d', '{"peer":"me","message":"hi"}']);
  const put = ['-X', 'PUT', '-d', '{"url":"https://example.org/","types":["updateChatParticipants"]}'];
  for (const [where, verb, target, args = []] of [
    ['/api/v1', 'get', ''], ['/api/v1/{account}', 'get', 'ada'], ['/api/v1/{account}/signin', 'get', 'ada/signin'],
    ['/api/v1/{account}/signin', 'post', 'told/signin', ['-d', '{"phone":"9996620002"}']],
    ['/api/v1/{account}/signin', 'post', 'told/signin', ['-d', '{"code":"12345"}']],
    ['/api/v1/{account}/signin', 'post', 'told/signin', ['-d', '{"qr":true}']],
    ['/api/v1/{account}/updates', 'get', 'ada/updates?after=0&timeout=10'], ['/api/v1/{account}/updates', 'get', 'ada/updates?after=9999'],
    ['/api/v1/{account}/updates', 'get', 'nobody/updates'], ['/api/v1/{account}/updates', 'get', 'ada/updates?limit=0'],
    ['/api/v1/{account}/webhooks/{name}', 'put', 'ada/webhooks/ops', put], ['/api/v1/{account}/webhooks', 'get', 'ada/webhooks'],
    ['/api/v1/{account}/webhooks/{name}', 'get', 'ada/webhooks/ops'],
    ['/api/v1/{account}/webhooks/{name}', 'delete', 'ada/webhooks/ops', ['-X', 'DELETE']],
    ['/api/v1/{account}', 'delete', 'told', ['-X', 'DELETE']],
  ]) {
    const { status, value } = await curl(target, args);
    const { responses } = document.paths[where][verb];
    let response = responses[status] ?? responses[`${String(status)[0]}XX`];
    if (response.$ref) response = document.components.responses[response.$ref.split('/').at(-1)];
    assert.deepEqual(strange(document, response.content['application/json'].schema, value), [], `${verb} ${where}: ${JSON.stringify(value)}`);
  }
});

// A gateway of its own, whose account is ada, too.
async function another(t, args) {
  const own = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:', ...args]);
  t.after(() => own.close());
  return own;
}

test('a flood wait is 429 and says when to come again', async (t) => {
  const file = path.join(folder(t), 'faults.json');
  fs.writeFileSync(file, JSON.stringify({ rules: [{ method: 'messages.sendMessage', nth: 1, error: 'FLOOD_WAIT_7' }] }));
  const own = await another(t, ['--sandbox-faults', file]);
  await signIn(own, 'ada', '9996620001');
  const { status, headers, value } = await curl('ada/messages.sendMessage', ['-d', '{"peer":"me","message":"hi"}'], own);
  assert.deepEqual([status, headers['retry-after']], [429, '7']);
  assert.deepEqual(value, { ok: false, error_code: 420, description: 'FLOOD_WAIT_7', parameters: { retry_after: 7 } });
});

test('no answer in time is 504, and tells the random_id with which the message is sent once', async (t) => {
  const file = path.join(folder(t), 'faults.json');
  fs.writeFileSync(file, JSON.stringify({ rules: [{ method: 'messages.sendMessage', nth: 1, delay_ms: 3000 }] }));
  const own = await another(t, ['--sandbox-faults', file]);
  await signIn(own, 'ada', '9996620001');
  const { status, value } = await curl('ada/messages.sendMessage?timeout=0.5', ['-d', '{"peer":"me","message":"hi"}'], own);
  assert.equal(status, 504);
  assert.deepEqual([value.ok, value.error_code, value.error, value.outcome], [false, 504, 'rpc_timeout', 'unknown']);
  const { random_id } = value.parameters;
  const again = await curl('ada/messages.sendMessage', ['-d', JSON.stringify({ peer: 'me', message: 'hi', random_id })], own);
  assert.deepEqual([again.status, again.value.description], [409, 'RANDOM_ID_DUPLICATE']);
  const { result } = (await curl('ada/messages.getHistory?peer=me&limit=20', [], own)).value;
  assert.equal(result.messages.filter(({ message }) => message === 'hi').length, 1);
});

test('tokens: none is 401, a scope that does not allow it 403', async (t) => {
  const file = path.join(folder(t), 'tokens');
  fs.writeFileSync(file, 'all:token-of-all-1234 accounts=*\nreads:token-of-reads-12 accounts=* read-only\n', { mode: 0o600 });
  const own = await another(t, ['--token-file', file]);
  await signIn(own, 'ada', '9996620001', 'token-of-all-1234');
  const as = (token, target, ...args) => curl(`ada/${target}`, [...(token ? ['-H', `Authorization: Bearer ${token}`] : []), ...args], own);
  const none = await as('', 'users.getUsers?id=me');
  assert.deepEqual([none.status, none.value.ok, none.headers['www-authenticate']], [401, false, 'Bearer']);
  assert.equal((await as('token-of-reads-12', 'users.getUsers?id=me')).status, 200);
  const sends = ['messages.sendMessage', '-d', '{"peer":"me","message":"hi"}'];
  const refused = await as('token-of-reads-12', ...sends);
  assert.deepEqual([refused.status, refused.value.error, refused.value.scope], [403, 'Forbidden', 'read-only']);
  assert.equal((await as('token-of-all-1234', ...sends)).status, 200);
});
