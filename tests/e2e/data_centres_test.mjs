// Several data centres under one client: `dc`, what Telegram sends on to others by itself, and that
// the authorization is brought there once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { stringify } from './support/json.mjs';
import { Gateway, folder, patience, pause } from './support/gateway.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const me = { _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] };
const ping = { _cons: 'ping', ping_id: 7 };
const bot = (token) => ({ _cons: 'auth.importBotAuthorization', flags: 0, api_id: 1, api_hash: 'x', bot_auth_token: token });

let gateway;
before(async () => (gateway = await Gateway.start(['--sandbox', '--log-level', 'debug'])));
after(() => gateway.close());

async function connect(t, to = gateway) {
  const client = await Client.connect(to.port);
  t.after(() => client.close());
  return client;
}
// How often the sandbox was asked for a method during `body`.
async function calls(method, body, of = gateway) {
  const count = () => of.errors.split('\n').filter((line) => line.includes(`method=${method}`)).length;
  const before = count();
  await body();
  return count() - before;
}
const isMe = (answer, name = 'Ada') => assert.equal(answer._items?.[0]?.first_name, name, stringify(answer));

test('a message goes to the data centre that is named', async (t) => {
  const client = await connect(t);
  for (const dc of [1, 3, 2, 1]) {
    assert.equal((await client.call(nearest, { dc })).this_dc, dc);
  }
  assert.equal((await client.call(nearest)).this_dc, 2);
  assert.equal((await client.call(ping, { dc: 3 }))._cons, 'pong');
  assert.equal((await client.request({ session: {} })).session.dc, 2);
});

test('with perfect forward secrecy the others have temporary keys, too', async (t) => {
  const client = await connect(t);
  await client.request({ options: { pfs: true } });
  await client.signIn('9996620001');
  const bound = await calls('auth.bindTempAuthKey', async () => {
    isMe(await client.call(me, { dc: 3 }));
    isMe(await client.call(me, { dc: 3 }));
    isMe(await client.call(me, { dc: 1 }));
  });
  assert.equal(bound, 2);
});

test('the authorization is brought there once, for many requests', async (t) => {
  const client = await connect(t);
  await client.signIn('9996620001');
  const imports = await calls('auth.importAuthorization', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.call(me, { dc: 3 })));
    for (const answer of answers) isMe(answer);
    isMe(await client.call(me, { dc: 3 }));
  });
  assert.equal(imports, 1);
  assert.equal(await calls('auth.exportAuthorization', async () => isMe(await client.call(me, { dc: 1 }))), 1);
});

test('what was asked before anybody signed in does not stand in the way of who does', async (t) => {
  const client = await connect(t);
  assert.equal((await client.call(me, { dc: 1 }))._name, 'AUTH_KEY_UNREGISTERED');
  await client.signIn('9996620001');
  isMe(await client.call(me, { dc: 1 }));
});

test('two clients have links of their own', async (t) => {
  const [ada, alan] = [await connect(t), await connect(t)];
  await ada.signIn('9996620001');
  await alan.signIn('9996610003');
  const answers = await Promise.all([ada.call(me, { dc: 3 }), alan.call(me, { dc: 3 }), alan.call(me, { dc: 2 })]);
  isMe(answers[0]);
  isMe(answers[1], 'Alan');
  isMe(answers[2], 'Alan');
});

test('requests of one data centre keep their order, and answers their ids', async (t) => {
  const client = await connect(t);
  await client.signIn('9996620001');
  const texts = Array.from({ length: 12 }, (_, i) => `in order ${i}`);
  const replies = texts.map((message, i) => client.request({ id: 100 + i, dc: 3,
    message: { _cons: 'messages.sendMessage', peer: 'me', message } }));
  for (const [i, reply] of (await Promise.all(replies)).entries()) {
    assert.equal(reply.id, 100 + i);
    assert.match(reply.message._cons, /^update/);
  }
  const { messages } = await client.call({ _cons: 'messages.getHistory', peer: 'me', limit: 12 });
  assert.deepEqual(messages.map((m) => m.message).reverse(), texts);
});

test('what is wrong with dc is said', async (t) => {
  const client = await connect(t);
  const unknown = await client.request({ dc: 9, message: nearest });
  assert.equal(unknown.error, 'TypeError');
  assert.equal(unknown.path, '/dc');
  assert.match(unknown.msg, /known are 1, 2, 3/);
  assert.equal((await client.request({ dc: 'two', message: nearest })).path, '/dc');
  assert.equal((await client.request({ dc: 3, signin: {} })).path, '/dc');
  assert.equal((await client.request({ dc: 3 })).path, '/dc');
});

async function photo(t) {
  const alan = await connect(t);
  await alan.signIn('9996610003');
  // 1 × 1, the smallest PNG.
  const bytes = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await alan.call({ _cons: 'upload.saveFilePart', file_id: 5, file_part: 0, bytes });
  await alan.call({ _cons: 'messages.sendMedia', peer: '@ada_lovelace', message: 'a photo', media: {
    _cons: 'inputMediaUploadedPhoto', file: { _cons: 'inputFile', id: 5, parts: 1, name: 'a.png', md5_checksum: '' } } });
  return bytes;
}
async function location(client) {
  const { messages } = await client.call({ _cons: 'messages.getHistory', peer: '@alan_turing', limit: 1 });
  const { id, access_hash, file_reference, sizes, dc_id } = messages[0].media.photo;
  assert.equal(dc_id, 1);
  return { _cons: 'inputPhotoFileLocation', id, access_hash, file_reference, thumb_size: sizes[0].type };
}
const getFile = (where) => ({ _cons: 'upload.getFile', location: where, offset: 0, limit: 4096 });

test('a file of another data centre is fetched from there', async (t) => {
  const bytes = await photo(t);
  const ada = await connect(t);
  await ada.signIn('9996620001');
  const where = await location(ada);
  const imports = await calls('auth.importAuthorization', async () => {
    const files = await Promise.all([1, 2, 3].map(() => ada.call(getFile(where))));
    for (const file of files) assert.equal(file.bytes, bytes, stringify(file));
  });
  assert.equal(imports, 1);
  assert.equal((await ada.call(getFile(where), { dc: 1 })).bytes, bytes);
  assert.equal((await ada.call(getFile(where), { dc: 3 })).bytes, bytes);
  assert.equal((await ada.request({ session: {} })).session.dc, 2);
});

test('statistics are fetched where they are', async (t) => {
  const client = await connect(t);
  await client.signIn('9996620001');
  const graph = await client.call({ _cons: 'stats.loadAsyncGraph', token: 'messages' });
  assert.equal(graph._cons, 'statsGraph');
  assert.ok(JSON.parse(graph.json.data).columns[1].length > 1);
});

test('a session moves to where its account is at home', async (t) => {
  const client = await connect(t);
  const { session } = await client.request({ server: { dc: 1 }, session: {}, message: nearest });
  assert.equal(session.dc, 1);
  const answer = await client.call(bot('1000001:sandbox-echobot'));
  assert.equal(answer.user?.username, 'echobot', stringify(answer));
  const moved = (await client.request({ session: {} })).session;
  assert.equal(moved.dc, 2);
  assert.notEqual(moved.auth_key, session.auth_key);
  assert.equal((await client.call(nearest)).this_dc, 2);
});

test('what else is in flight then is answered all the same', async (t) => {
  const client = await connect(t);
  await client.request({ server: { dc: 3 } });
  const code = { _cons: 'auth.sendCode', phone_number: '9996620001', api_id: 1, api_hash: 'x' };
  const [sent, dc] = await Promise.all([client.call(code), client.call(nearest)]);
  assert.equal(sent._cons, 'auth.sentCode', stringify(sent));
  assert.ok([2, 3].includes(dc.this_dc));
  assert.equal((await client.request({ session: {} })).session.dc, 2);
});

test('an account that signed out has signed out everywhere', async (t) => {
  const client = await connect(t);
  await client.signIn('9996620001');
  isMe(await client.call(me, { dc: 3 }));
  assert.equal((await client.call({ _cons: 'auth.logOut' }))._cons, 'auth.loggedOut');
  assert.equal((await client.call(me, { dc: 3 }))._name, 'AUTH_KEY_UNREGISTERED');
  // Who comes next on this connection is somebody else there, too.
  await client.signIn('9996610003');
  isMe(await client.call(me, { dc: 3 }), 'Alan');
});

test('signing out by signin ends it elsewhere, too', async (t) => {
  const client = await connect(t);
  await client.signIn('9996620001');
  isMe(await client.call(me, { dc: 3 }));
  await client.request({ signin: { sign_out: true } });
  assert.equal((await client.call(me, { dc: 3 }))._name, 'AUTH_KEY_UNREGISTERED');
});

test('a POST with a session goes to other data centres, by one key there', async (t) => {
  const client = await connect(t);
  const { session } = await client.signIn('9996620001');
  client.close();
  const { auth_key, dc } = session;
  const post = async (body) => (await (await fetch(`http://127.0.0.1:${gateway.port}/json`, {
    method: 'POST', body: stringify({ session: { auth_key, dc }, ...body }) })).text()).trim();
  const imports = await calls('auth.importAuthorization', async () => {
    const first = await Promise.all([1, 2, 3, 4].map(() => post({ dc: 3, message: me })));
    for (const text of [...first, await post({ dc: 3, message: me })]) assert.match(text, /"first_name":"Ada"/);
  });
  assert.equal(imports, 1);
  assert.match(await post({ dc: 1, message: nearest }), /"this_dc":1/);
  assert.match(await post({ message: { _cons: 'auth.logOut' } }), /auth\.loggedOut/);
  assert.match(await post({ dc: 3, message: me }), /AUTH_KEY_UNREGISTERED/);
});

test('a POST without a session goes there as nobody', async () => {
  const reply = await fetch(`http://127.0.0.1:${gateway.port}/json`, {
    method: 'POST', body: stringify({ dc: 3, message: nearest }) });
  assert.match(await reply.text(), /"this_dc":3/);
});

test('events tell which data centre they are about', async (t) => {
  const client = await connect(t);
  await client.request({ options: { events: true } });
  await client.call(nearest, { dc: 3 });
  await client.next((v) => v.connection?.dc === 3 && v.connection.state === 'ready', 'event of 3');
});

test('the gateway learns where the data centres are, behind an answer', async () => {
  const own = await Gateway.start(['--sandbox', '--log-level', 'debug']);
  try {
    const client = await Client.connect(own.port);
    await client.call(nearest);
    await client.call(nearest);
    for (let waited = 0; !own.errors.includes('data_centres=3'); waited += 20) {
      assert.ok(waited < 5000 * patience, own.errors);
      await pause(20);
    }
    const asked = own.errors.split('\n').filter((line) => line.includes('method=')).map((line) => /method=(\S+)/.exec(line)[1]);
    assert.equal(asked[0], 'help.getNearestDc');
    assert.equal(asked.filter((name) => name === 'help.getConfig').length, 1);
    client.close();
  } finally {
    await own.close();
  }
});

// --- where the sandbox misbehaves ---

async function faulty(t, plan) {
  const file = path.join(folder(t), 'faults.json');
  fs.writeFileSync(file, JSON.stringify(plan));
  const own = await Gateway.start(['--sandbox', '--log-level', 'debug', '--sandbox-faults', file]);
  t.after(() => own.close());
  return own;
}

test('a data centre that is away is named, in time, and the others go on', async (t) => {
  const own = await faulty(t, { rules: [{ dc: 3, after_s: 0, away_s: 3600 }] });
  const client = await connect(t, own);
  await client.signIn('9996620001');
  const begun = Date.now();
  const [lost, there] = await Promise.all([client.request({ dc: 3, message: me }), client.call(me, { dc: 1 })]);
  assert.ok(Date.now() - begun < 5000 * patience);
  assert.equal(lost.error, 'ConnectionError', stringify(lost));
  assert.equal(lost.dc, 3);
  isMe(there);
  isMe(await client.call(me));
});

test('a 401 of another data centre brings the authorization once more', async (t) => {
  const own = await faulty(t, { rules: [{ method: 'users.getUsers', dc: 3, nth: 2, error: 'AUTH_KEY_UNREGISTERED', code: 401 }] });
  const client = await connect(t, own);
  await client.signIn('9996620001');
  isMe(await client.call(me, { dc: 3 }));
  const imports = await calls('auth.importAuthorization', async () => isMe(await client.call(me, { dc: 3 })), own);
  assert.equal(imports, 1);
  // The account itself is still signed in.
  isMe(await client.call(me));
});

test('a key that another data centre lost is made anew', async (t) => {
  const own = await faulty(t, { rules: [{ method: 'users.getUsers', dc: 3, nth: 2, lose_key: true }] });
  const client = await connect(t, own);
  await client.signIn('9996620001');
  isMe(await client.call(me, { dc: 3 }));
  isMe(await client.call(me, { dc: 3 }));
  isMe(await client.call(me, { dc: 3 }));
});

test('an authorization that was refused there is exported once more', async (t) => {
  const own = await faulty(t, { rules: [{ method: 'auth.importAuthorization', nth: 1, error: 'AUTH_BYTES_INVALID', code: 400 }] });
  const client = await connect(t, own);
  await client.signIn('9996620001');
  isMe(await client.call(me, { dc: 3 }));
});

test('a flood wait on the way there is the answer, and can be waited for', async (t) => {
  const own = await faulty(t, { rules: [{ method: 'auth.exportAuthorization', nth: [1, 2], error: 'FLOOD_WAIT_1' }] });
  const client = await connect(t, own);
  await client.signIn('9996620001');
  assert.equal((await client.call(me, { dc: 3 }))._name, 'FLOOD_WAIT');
  await client.request({ options: { flood_wait: 2 } });
  isMe(await client.call(me, { dc: 3 }));
});

test('after holds across data centres', async (t) => {
  const own = await faulty(t, { rules: [{ method: 'help.getNearestDc', dc: 3, delay_ms: 400 }] });
  const client = await connect(t, own);
  const order = [];
  const note = (request) => client.request(request).then((reply) => order.push(reply.id) && reply);
  const replies = await Promise.all([
    note({ id: 1, dc: 3, message: nearest }),
    note({ id: 2, after: [1], message: nearest }),
    note({ id: 3, after: [2], dc: 1, message: nearest }),
    note({ id: 4, message: nearest }),
  ]);
  assert.deepEqual(replies.map((r) => r.message.this_dc), [3, 2, 1, 2]);
  assert.deepEqual(order, [4, 1, 2, 3]);
});

test('a request there has its time, and a late answer is dropped', async (t) => {
  const own = await faulty(t, { rules: [{ method: 'help.getNearestDc', dc: 3, nth: 1, delay_ms: 1500 }] });
  const client = await connect(t, own);
  assert.equal((await client.call(nearest, { dc: 3, timeout: 0.5 }))._cons, 'rpc_timeout');
  assert.equal((await client.call(nearest, { dc: 3 })).this_dc, 3);
});

test('two data centres that send a request to and fro do not send it for ever', async (t) => {
  const own = await faulty(t, { rules: [
    { method: 'stats.loadAsyncGraph', dc: 2, error: 'STATS_MIGRATE_3', code: 303 },
    { method: 'stats.loadAsyncGraph', dc: 3, error: 'STATS_MIGRATE_2', code: 303 }] });
  const client = await connect(t, own);
  await client.signIn('9996620001');
  const asked = await calls('stats.loadAsyncGraph', async () => {
    assert.equal((await client.call({ _cons: 'stats.loadAsyncGraph', token: 'messages' }))._name, 'STATS_MIGRATE');
  }, own);
  assert.ok(asked <= 4, `${asked}`);
});
