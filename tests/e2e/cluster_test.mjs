// Several gateways on one PostgreSQL: an account is one's at a time, another one has it when that one
// leaves, dies or sleeps for too long, and nothing of it is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventSource } from 'eventsource';
import { Client } from './support/client.mjs';
import { answers, checkLog, cluster, me, metric, ttl } from './support/cluster.mjs';
import { patience, pause } from './support/gateway.mjs';
import { api, follow, keep, receiver, say, texts, until } from './support/named.mjs';
import { postgresHere } from './support/postgres.mjs';

const here = { skip: !postgresHere && 'PostgreSQL is not installed' };

test('an account is one gateway\'s, and another one that can\'t reach it says so until it leaves', here, async (t) => {
  const { node, status } = await cluster(t);
  const a = await node({ reached: false }), b = await node({ reached: false });
  await keep(a);
  const refused = await api(b, '/ada/users.getUsers', { body: { id: ['me'] } });
  assert.equal(refused.status, 503);
  assert.match(refused.description, /another node has account ada$/);
  assert.match(await status(), /^(?=.* accounts 1 )(node [0-9a-f]{16} +accounts [01] +without --node-url\n){2}ada +node [0-9a-f]{16} +epoch \d+ +for \d\.\d s\n$/s);
  assert.equal(await metric(a, 'streamjson_leases_held'), 1);
  const line = await Client.connect(b.port);
  t.after(() => line.close());
  assert.equal((await line.request({ account: 'ada' })).error, 'AccountElsewhere');

  await a.stop();
  assert.match(await status(), /^node [0-9a-f]{16} +accounts 0 +without --node-url\nada +no node\n$/);
  assert.equal(await answers(b), true);
  assert.equal(await metric(b, 'streamjson_leases_taken_over_total'), 0);
});

test('an account whose owner was killed is another\'s within the lease\'s time and 2 s', here, async (t) => {
  const { node } = await cluster(t);
  const a = await node(), b = await node();
  await keep(a);
  const said = [];
  const speak = async (gateway) => {
    said.push(`said ${said.length}`);
    const answer = await say(gateway, said.at(-1));
    assert.equal(answer.ok, true, JSON.stringify(answer));
  };
  await speak(a);
  await checkLog(a, said);  // it knows where its updates are
  await speak(a);
  a.child.kill('SIGKILL');
  await a.exited;
  const died = Date.now();
  await until(() => answers(b), 'an answer of the other', 60_000);
  assert.ok(Date.now() - died < ttl + 2_000 * patience, `${Date.now() - died} ms`);
  assert.equal(await metric(b, 'streamjson_leases_taken_over_total'), 1);
  await speak(b);
  await checkLog(b, said);
});

test('a gateway that was stopped for longer than a lease finds its accounts another\'s, and no key is used twice', here, async (t) => {
  const { node } = await cluster(t);
  const a = await node({ reached: false }), b = await node({ reached: false });
  await keep(a);
  const said = [];
  const speak = async (gateway) => {
    said.push(`said ${said.length}`);
    const answer = await say(gateway, said.at(-1));
    assert.equal(answer.ok, true, JSON.stringify(answer));
  };
  const old = await Client.connect(a.port);
  t.after(() => old.close());
  assert.equal((await old.request({ account: 'ada' })).account.state, 'done');
  await speak(a);
  await checkLog(a, said);
  await speak(a);
  await pause(500 * patience);  // what it had begun to write went out
  a.child.kill('SIGSTOP');
  await until(() => answers(b), 'an answer of the other', 60_000);
  await speak(b);
  a.child.kill('SIGCONT');
  const me = { message: { _cons: 'users.getUsers', id: ['me'] } };
  const refused = await old.request(me);
  assert.match(refused.error ?? '', /^(StoreUnavailable|AccountElsewhere|OutcomeUnknown)$/, JSON.stringify(refused));
  await pause(ttl);
  await speak(b);
  assert.equal((await old.request(me)).error, 'AccountElsewhere');
  await checkLog(b, said);
  assert.equal(await metric(a, 'streamjson_leases_lost_total'), 1);

  await b.stop();
  await until(async () => (await old.request(me)).message?._items?.[0]?.first_name === 'Ada', 'the account is back');
  await speak(a);
  await checkLog(a, said);
});

test('an EventSource at a gateway that does not have the account waits for it, and misses nothing', here, async (t) => {
  const { node } = await cluster(t);
  const a = await node({ reached: false }), b = await node({ reached: false });
  await keep(a);
  assert.equal((await say(a, 'said 0')).ok, true);
  await checkLog(a, ['said 0']);
  const at = (gateway) => `http://127.0.0.1:${gateway.port}/api/v1/ada/events?after=0`;
  const there = follow(t, EventSource, at(a)), waiting = follow(t, EventSource, at(b));
  await until(() => waiting.away.length > 1, 'it is told twice');
  assert.equal(waiting.away[0].error, 'AccountElsewhere');
  // Where a stream ended fetch() may take its connection, which may end, too.
  const asked = at(b).replace('events?', 'updates?');
  assert.equal((await fetch(asked).catch(() => fetch(asked))).status, 503);
  await until(() => there.texts().includes('said 0'), 'the first update');
  await a.stop();
  assert.equal(there.away.at(-1).error, 'Stopping');
  await until(() => answers(b), 'an answer of the other');
  assert.equal((await say(b, 'said 1')).ok, true);
  await until(() => waiting.texts().includes('said 1'), 'the update of the other');
  assert.deepEqual(waiting.texts().filter((text) => text.startsWith('said ')), ['said 0', 'said 1']);
});

test('what stays connected is taken over without anybody asking, and a webhook goes on', here, async (t) => {
  const { node } = await cluster(t);
  const hook = await receiver(t);
  const a = await node(), b = await node();
  await keep(a);
  await api(a, '/ada/webhooks/ops', { method: 'PUT', body: { url: hook.url } });
  assert.equal((await say(a, 'said 0')).ok, true);
  const mine = () => hook.calls.flatMap(({ body }) => JSON.parse(body).updates).flatMap(texts);
  await until(() => mine().includes('said 0'), 'the first call');
  a.child.kill('SIGKILL');
  await a.exited;
  await until(async () => (await metric(b, 'streamjson_leases_held')) === 1, 'the other has it', 60_000);
  assert.equal((await say(b, 'said 1')).ok, true);
  await until(() => mine().includes('said 1'), 'the second call');
});

test('a gateway that joins is given its share of what stays connected, and not what is in use', here, async (t) => {
  const { node, sql } = await cluster(t);
  const a = await node(), names = Array.from({ length: 8 }, (_, i) => `a${i}`);
  for (const name of names) {
    await keep(a, name);
    await api(a, `/${name}`, { method: 'PATCH', body: { keep: 'always' } });
  }
  const line = await Client.connect(a.port);
  t.after(() => line.close());
  for (const account of names.slice(0, 4)) assert.equal((await line.request({ account })).account.state, 'done');
  const b = await node();
  const held = (gateway) => metric(gateway, 'streamjson_leases_held');
  await until(async () => (await held(a)) === 4 && (await held(b)) === 4, 'both have as many', 60_000);
  const first = sql(`SELECT string_agg(account, ' ' ORDER BY account) FROM leases WHERE url = '${a.url}'`).split(' ');
  assert.ok(first.includes('a3'), `${first}: what is in use was given away`);
  assert.equal(await metric(b, 'streamjson_leases_taken_over_total'), 0);
  for (const name of names) assert.equal((await api(b, `/${name}/users.getUsers`, { body: { id: ['me'] } })).ok, true, name);
});

test('a gateway that is idle says one statement each third of the lease, for all of its accounts', here, async (t) => {
  const { node, sql } = await cluster(t);
  const a = await node({ more: ['--lease-ttl', '3s'] });
  for (const account of ['ada', 'bob', 'eve']) await keep(a, account);
  const statements = () => Number(sql("SELECT xact_commit FROM pg_stat_database WHERE datname = 'postgres'"));
  const renewals = () => Number(sql("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'leases'")) / 3;
  await pause(11_000);  // what it said before is counted by then, too: PostgreSQL tells of idle connections each 10 s
  const before = [statements(), renewals()];
  await pause(12_000);
  const [said, renewed] = [statements() - before[0], renewals() - before[1]];
  t.diagnostic(`in 12 s, with leases of 3 s: ${said} transactions, those that look included; ${renewed} renewals`);
  assert.ok(renewed >= 6 && renewed <= 13, `${renewed} renewals`);
  assert.ok(said <= 12 + 4 * 3 + 12, `${said} transactions`);
});
