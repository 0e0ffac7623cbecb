// Several gateways on one PostgreSQL: whoever does not have an account asks the one that has.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { EventSource } from 'eventsource';
import { Client } from './support/client.mjs';
import { patience, pause, run, streamjson } from './support/gateway.mjs';
import { answers, checkLog, cluster, me, metric, ttl } from './support/cluster.mjs';
import { api, follow, keep, receiver, say, texts, until } from './support/named.mjs';
import { Wire } from './support/chaos/wire.mjs';
import { postgresHere } from './support/postgres.mjs';

const here = { skip: !postgresHere && 'PostgreSQL is not installed' };
const name = ({ message, ...reply }) => (message?._items?.[0] ?? message?.[0])?.first_name ?? reply;

async function line(t, { port }) {
  const client = await Client.connect(port);
  t.after(() => client.close());
  return client;
}

test('a line, POST /json and a call by path at a gateway that does not have the account are answered by the one that has', here, async (t) => {
  const { node, status } = await cluster(t);
  const a = await node(), b = await node();
  await keep(a);
  assert.equal((await api(b, '/ada/users.getUsers', { body: { id: ['me'] } })).result?.[0]?.first_name, 'Ada');
  const client = await line(t, b);
  assert.equal(name(await client.request({ account: 'ada', ...me })), 'Ada');
  assert.equal(name(await client.request(me)), 'Ada');
  const posted = await (await fetch(`http://127.0.0.1:${b.port}/json`, { method: 'POST', body: JSON.stringify({ account: 'ada', ...me }) })).json();
  assert.equal(name(posted), 'Ada');
  assert.equal((await api(b, '/ada')).result?.state, 'done');
  assert.equal(await metric(b, 'streamjson_leases_held'), 0);
  assert.ok(await metric(b, 'streamjson_forwards_total') >= 3);
  assert.match(await status(), new RegExp(`accounts 1 +${a.url}`));
});

// What a line was told of the log so far: numbers, and the texts of new messages.
const heard = (client) => client.received.map(({ value }) => value).filter(({ update_seq: n }) => n !== undefined);
const numbers = (client) => heard(client).map(({ update_seq: n }) => Number(n));
const spoken = (client) => heard(client).flatMap(texts).filter((text) => text.startsWith('said '));
const inOrder = (client) => assert.deepEqual(numbers(client), numbers(client).map((_, i) => i + 1));

// An account of `owner`, a client at `at` that hears of its updates, and what speaks for it.
async function listening(t, owner, at) {
  await keep(owner);
  const client = await line(t, at), said = [];
  const { error } = await client.request({ account: { name: 'ada', updates_after: 0 }, options: { json: 'plain' } });
  assert.equal(error, undefined);
  const speak = async (gateway) => {
    said.push(`said ${said.length}`);
    const answer = await say(gateway, said.at(-1));
    assert.equal(answer.ok, true, JSON.stringify(answer));
    await until(() => spoken(client).length === said.length, `update ${said.length}`);
    inOrder(client);
    assert.deepEqual(spoken(client), said);
  };
  await speak(at);
  await checkLog(at, said);  // the account knows where its updates are
  return { client, speak };
}

test('a client whose account\'s node leaves has every answer, and every update once and in order', here, async (t) => {
  const { node } = await cluster(t);
  const [a, b] = [await node(), await node()];
  const { client, speak } = await listening(t, a, b);
  const names = [];
  let over = false;
  const leaving = a.stop().then(() => (over = true));
  // Some at any moment, each sent as soon as another one is answered, until well behind the move.
  await Promise.all([...Array(50)].map(async () => {
    for (let after = 0; after < 20; after += over ? 1 : 0) names.push(name(await client.request(me)));
  }));
  const others = names.filter((one) => one !== 'Ada');
  assert.deepEqual(others, [], `${others.length} of ${names.length}`);
  for (let i = 0; i < 3; i += 1) assert.equal(name(await client.request(me)), 'Ada');
  await leaving;
  await speak(b);
  const c = await node();  // comes late, and is led to who has it
  await speak(c);
});

test('a client whose account\'s node is killed is answered as soon as the lease is over, and misses no update', here, async (t) => {
  const { node } = await cluster(t);
  const [a, b] = [await node(), await node()];
  const { client, speak } = await listening(t, a, b);
  a.child.kill('SIGKILL');
  const died = Date.now();
  assert.equal(name(await client.request(me)), 'Ada');
  assert.ok(Date.now() - died < ttl + 2_000 * patience, `${Date.now() - died} ms`);
  await speak(b);
  assert.equal((await client.request({ options: {} })).options.json, 'plain');
});

test('clients of a node that slept for longer than its lease go on at the one that has the account now', here, async (t) => {
  const { node } = await cluster(t);
  const [a, b] = [await node(), await node()];
  const { client, speak } = await listening(t, a, a);
  await pause(500 * patience);  // what it had begun to write went out
  a.child.kill('SIGSTOP');
  await until(() => answers(b), 'an answer of the other', 60_000);
  assert.equal((await say(b, 'while it slept')).ok, true);
  a.child.kill('SIGCONT');
  await until(() => heard(client).flatMap(texts).includes('while it slept'), 'what came meanwhile', 60_000);
  assert.equal(name(await client.request(me)), 'Ada');
  await speak(a);
  assert.equal(await metric(a, 'streamjson_leases_held'), 0);
  assert.equal(await metric(b, 'streamjson_leases_held'), 1);
});

// A gateway that others reach by a wire in the test's hands.
async function wired(t, node, ...more) {
  const wire = await new Wire({ host: '127.0.0.1' }).listen();
  t.after(() => wire.close());
  const gateway = await node({ more: ['--node-url', `https://localhost:${wire.port}`, ...more] });
  wire.to.port = gateway.port;
  return [gateway, wire];
}

test('a client whose first word was lost on its way to a node that left is told of no update before that is answered', here, async (t) => {
  const { node } = await cluster(t);
  const [a, toA] = await wired(t, node, '--drain', '0'), [c, toC] = await wired(t, node);
  const b = await node({ more: ['--threads', '1'] });
  await keep(a);
  await keep(c, 'bob', { phone: '9996620001' });
  assert.equal((await say(b, 'said 0')).ok, true);
  assert.equal((await say(b, 'to bob', 'bob')).ok, true);  // there are links to both
  await checkLog(b, ['said 0']);
  const client = await line(t, b);
  toA.hold();
  client.send({ id: 'hello', account: { name: 'ada', updates_after: 0 }, options: { json: 'plain' } });
  await a.stop();
  assert.equal((await say(c, 'said 1')).ok, true);
  toC.holdBack();  // what b is told is late, not what it asks for
  toA.release();
  await pause(500 * patience);
  assert.equal((await say(c, 'said 2')).ok, true);
  await pause(300 * patience);
  toC.release();
  await until(() => spoken(client).length >= 3, 'all updates', 30_000);
  await pause(300);
  assert.equal(client.received[0].value.id, 'hello');
  assert.deepEqual(spoken(client), ['said 0', 'said 1', 'said 2']);
  inOrder(client);
});

test('events, a long poll, webhooks and calls with an Idempotency-Key work at any node', here, async (t) => {
  const { node } = await cluster(t);
  const [a, b] = [await node(), await node()];
  const hook = await receiver(t);
  await keep(a);
  const stream = follow(t, EventSource, `http://127.0.0.1:${b.port}/api/v1/ada/events?after=0`);
  assert.equal((await api(b, '/ada/webhooks/ops', { method: 'PUT', body: { url: hook.url } })).ok, true);
  const headers = { 'idempotency-key': 'one' }, body = { peer: 'me', message: 'said 0' };
  const first = await api(b, '/ada/messages.sendMessage', { body, headers });
  assert.equal(first.ok, true, JSON.stringify(first));
  assert.deepEqual((await api(a, '/ada/messages.sendMessage', { body, headers })).result, first.result);
  await until(() => stream.texts().includes('said 0'), 'the event');
  await until(() => hook.calls.some((call) => call.body.includes('said 0')), 'the call');
  const polled = await api(b, '/ada/updates?after=0&types=updateNewMessage');
  assert.deepEqual(polled.result.flatMap(texts), ['said 0']);
  assert.equal(stream.away.length, 0);
  assert.equal(await metric(b, 'streamjson_leases_held'), 0);

  await a.stop();
  assert.equal((await say(b, 'said 1')).ok, true);
  await until(() => stream.texts().includes('said 1'), 'the second event', 30_000);
  assert.deepEqual(stream.texts().filter((text) => text.startsWith('said ')), ['said 0', 'said 1']);
});

test('a client speaks as one account after another, of several gateways, and as none again', here, async (t) => {
  const { node } = await cluster(t);
  const [a, b] = [await node(), await node()];
  await keep(a, 'ada');
  await keep(b, 'bob');
  const client = await line(t, b);
  for (let i = 0; i < 3; i += 1) {
    for (const account of ['ada', 'bob']) {
      const reply = await client.request({ account, ...me });
      assert.equal(reply.account?.name, account);
      assert.equal(name(reply), 'Ada');
    }
  }
  const own = await client.request({ account: null, ...me });
  assert.equal(own.message?.error_message, 'AUTH_KEY_UNREGISTERED');
  assert.equal(name(await client.request({ account: 'ada', ...me })), 'Ada');
  assert.equal(await metric(a, 'streamjson_leases_held'), 1);
});

test('gateways are upgraded one after another under traffic, the older ones living with the newer schema', here, async (t) => {
  const { node, sql } = await cluster(t);
  const b = await node();
  let a = await node();
  const { client } = await listening(t, a, b);
  const said = [];
  let stopped = false;
  const traffic = (async () => {
    while (!stopped) {
      const text = `said ${said.length + 1}`;
      const reply = await client.request({ message: { _cons: 'messages.sendMessage', peer: 'me', message: text } });
      assert.equal(reply.error, undefined, JSON.stringify(reply));
      said.push(text);
      await pause(20);
    }
  })();
  // What the first one of a newer version does at its start.
  sql("BEGIN; UPDATE meta SET version = version + 1; ALTER TABLE accounts ADD COLUMN later TEXT NOT NULL DEFAULT ''; CREATE TABLE later(a BIGINT); COMMIT");
  for (let i = 0; i < 2; i += 1) {
    const next = await node();
    await a.stop();
    a = next;
    await pause(300);
    sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()');  // all of them connect anew
    await pause(1_500);
  }
  stopped = true;
  await traffic;
  assert.ok(said.length > 20, `${said.length} messages`);
  await until(() => spoken(client).length > said.length, 'all updates');
  inOrder(client);
  assert.deepEqual(spoken(client), ['said 0', ...said]);
  assert.deepEqual((await api(b, '/ada/updates?limit=1000&after=0')).result.flatMap(texts).filter((text) => text.startsWith('said ')), ['said 0', ...said]);
});

// A message of `size` bytes, and what it is answered.
async function long(t, gateway, size) {
  const client = await line(t, gateway);
  const [head, tail] = ['{"id":1,"account":"ada","message":{"_cons":"messages.sendMessage","peer":"me","message":"', '"}}'];
  client.send(`${head}${'a'.repeat(size - head.length - tail.length)}${tail}\n`);
  return (await client.line(({ id }) => id === 1)).value.error;
}

test('a client\'s longest line, or one that the account\'s node has no room for, is answered, and no other client hears of it', here, async (t) => {
  const { node } = await cluster(t);
  const a = await node({ more: ['--max-line', '64K', '--max-memory', '12M'] }), b = await node({ more: ['--threads', '1', '--max-line', String(16 << 20)] });
  await keep(a);
  assert.equal((await say(b, 'there is a link')).ok, true);
  const heard = [];
  let over = false;
  const others = Promise.all([...Array(4)].map(async () => {
    while (!over) heard.push(await say(b, 'x'));
  }));
  // Telegram takes no message of that length.
  assert.notEqual(await long(t, b, (64 << 10) - 1), 'OutcomeUnknown');
  assert.equal(await long(t, b, 15 << 20), 'Busy');
  over = true;
  await others;
  assert.deepEqual(heard.filter(({ ok }) => !ok), []);
  assert.ok(heard.length > 4, `${heard.length}`);
});

test('the first request to an account whose Telegram is silent ends with its timeout', here, async (t) => {
  const { node, sandbox } = await cluster(t);
  const a = await node();
  await keep(a);
  await a.stop();
  const b = await node();
  t.after(() => sandbox.child.kill('SIGCONT'));
  sandbox.child.kill('SIGSTOP');
  const body = { id: ['me'] };
  const answer = await Promise.race([api(b, '/ada/users.getUsers?timeout=1', { body }), pause(15_000 * patience)]);
  sandbox.child.kill('SIGCONT');
  assert.equal(answer?.status, 504, JSON.stringify(answer));
});

test('a token\'s scope counts at every node, and nobody is a node by saying so', here, async (t) => {
  const { node, dir } = await cluster(t);
  const made = await run(streamjson, ['token', 'new', 'reader', 'read-only', 'accounts=ada']);
  const [token] = /[0-9a-f]{64}/.exec(made.stderr);
  const file = path.join(dir, 'tokens');
  fs.writeFileSync(file, made.stdout, { mode: 0o600 });
  const a = await node(), b = await node({ more: ['--token-file', file] });
  await keep(a);
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await api(b, '/ada/users.getUsers', { body: { id: ['me'] }, headers })).ok, true);
  const refused = await api(b, '/ada/messages.sendMessage', { body: { peer: 'me', message: 'no' }, headers });
  assert.equal(refused.error, 'Forbidden', JSON.stringify(refused));
  assert.equal((await api(b, '/bob/users.getUsers', { body: { id: ['me'] }, headers })).error, 'Forbidden');
  const client = await line(t, b);
  client.send({ node: { version: 1, id: 'x', token: '0'.repeat(64) } });
  assert.equal((await client.line(() => true)).value.error, 'Unauthorized');
});

test('a node whose certificate is not trusted is not asked, and it is said that it has the account', here, async (t) => {
  const { node } = await cluster(t);
  const a = await node(), b = await node({ more: ['--node-ca', '/etc/hostname'] }).catch((error) => error);
  assert.match(String(b.message), /--node-ca: \/etc\/hostname/);
  const c = await node({ reached: false });
  await keep(a);
  const refused = await api(c, '/ada/users.getUsers', { body: { id: ['me'] } });
  assert.equal(refused.error, 'AccountElsewhere');
  assert.match(refused.description, new RegExp(`another node has account ada: ${a.url}`));
  assert.match(c.text, /node link to .* ended: its certificate is not trusted/);
});

test('what a node says is checked: nonsense ends its link, and nothing else', here, async (t) => {
  const { node, dir } = await cluster(t);
  const a = await node();
  await keep(a);
  const token = crypto.createHmac('sha256', fs.readFileSync(path.join(dir, 'key'))).update('streamjson: what nodes show each other').digest('hex');
  const link = async () => {
    const client = await line(t, a);
    client.send({ node: { version: 1, id: 'x', token } });
    assert.deepEqual((await client.line(() => true)).value, { node: { version: 1 } });
    return client;
  };
  const open = { account: 'ada', shape: 'object', json: 'plain', scope: null };
  for (const said of ['5', '{"to":-1}', '{"to":"x","open":{}}', '{"to":1,"open":5}', '{"to":1,"open":{"account":5}}', '{"to":1,"open":{"account":"ada","json":"x","scope":null}}',
    JSON.stringify({ to: 1, open: { ...open, scope: ['no such word'] } }), '{"to":1,"open_log":[]}', '{"to":1,"news":{"account":"ada","what":"x","text":""}}',
    `${JSON.stringify({ to: 1, open })}\n${JSON.stringify({ to: 1, open })}`, `${JSON.stringify({ to: 1, open })}\n{"to":1,"wish":5}`]) {
    const client = await link();
    client.send(`${said}\n`);
    assert.equal(await Promise.race([client.ended.then(() => 'ended'), pause(10_000 * patience)]), 'ended', said);
  }
  const client = await link();
  client.send('{"to":9,"object":{}}\n{"to":9,"close":true}\n{"ping":1}\n');  // of a channel that is gone
  assert.deepEqual((await client.line(() => true)).value, { pong: 1 });
  client.send(`${JSON.stringify({ to: 1, open: { ...open, account: 'a/b' } })}\n{"to":1,"object":{"account":"a/b"}}\n`);
  const { value: header } = await client.line(({ of: number }) => number === 1);
  assert.equal((await client.line(() => true)).text.length, Number(header.size));
  client.send(`${JSON.stringify({ to: 2, open })}\n{"to":2,"object":5}\n{"to":2,"object":{"id":7,"account":"ada"}}\n`);
  assert.equal((await client.line(({ id }) => id === -3)).value.error, 'TypeError');
  assert.equal((await client.line(({ id }) => id === 7)).value.account.state, 'done');
});
