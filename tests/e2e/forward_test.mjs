// Several gateways on one PostgreSQL: whoever does not have an account asks the one that has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { patience, pause } from './support/gateway.mjs';
import { answers, checkLog, cluster, me, metric, ttl } from './support/cluster.mjs';
import { api, keep, say, until } from './support/named.mjs';
import { postgresHere } from './support/postgres.mjs';

const here = { skip: !postgresHere && 'PostgreSQL is not installed' };
const name = (reply) => reply.message?._items?.[0]?.first_name ?? reply;

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
