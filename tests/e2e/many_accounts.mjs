// Starts a gateway that has many accounts to connect (9,000): `node tests/e2e/many_accounts.mjs [COUNT]`.
// All are connected within 60 s, and not all at once: the schedule is printed. Takes minutes, so it is
// no part of the tests. Signing in goes through one sandbox, and the store is a PostgreSQL of its own.
import { cluster, metric } from './support/cluster.mjs';
import { Client } from './support/client.mjs';
import { pause } from './support/gateway.mjs';

const count = Number(process.argv[2] ?? 9_000), within_s = 60, at_once = 64;
const ends = [];
const name = (i) => `a${i}`;
const phone = (i) => `999662${String(1000 + i).padStart(4, '0')}`;  // of the sandbox's data centre 2

async function signIn(port, next) {
  for (let i; (i = next()) !== undefined; ) {
    const client = await Client.connect(port), account = name(i);
    await client.request({ account, signin: { phone: phone(i) } });
    let reply = await client.request({ account, signin: { code: '22222' } });
    if (reply.signin?.state === 'sign_up') reply = await client.request({ account, signin: { first_name: 'Ada' } });
    if (reply.signin?.state !== 'done') throw new Error(`${account}: ${JSON.stringify(reply)}`);
    client.close();
  }
}

try {
  const { node, sql } = await cluster({ after: (end) => ends.unshift(end) });
  const usual = { more: ['--lease-ttl', '10s'] }, maker = await node(usual);
  let given = 0;
  const began = Date.now();
  await Promise.all([...Array(at_once)].map(() => signIn(maker.port, () => (given < count ? given++ : undefined))));
  console.log(`${count} accounts signed in within ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await maker.stop();
  sql("UPDATE accounts SET keep = 'always'");
  const gateway = await node(usual), start = Date.now(), schedule = [];
  for (let connected = 0; connected < count; ) {
    await pause(1000);
    connected = await metric(gateway, 'streamjson_telegram_connections');
    const held = await metric(gateway, 'streamjson_leases_held'), second = (Date.now() - start) / 1000;
    schedule.push(connected - (schedule.reduce((sum, one) => sum + one, 0)));
    console.log(`after ${second.toFixed(1).padStart(5)} s: ${held} leases, ${connected} connections, ${schedule.at(-1)} of them new`);
    if (second > 3 * within_s) throw new Error(`not all were connected in ${second} s`);
  }
  const took = (Date.now() - start) / 1000;
  console.log(`${count} accounts were connected within ${took.toFixed(1)} s, at most ${Math.max(...schedule)} in a second`);
  if (took > within_s) process.exitCode = 1;
} finally {
  for (const end of ends) await end();
}
