// Several gateways on one PostgreSQL, killed, put to sleep, restarted and cut off one after another under
// clients on all ways in. `node tests/e2e/chaos.mjs` is the long form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos } from './support/chaos.mjs';
import { patience } from './support/gateway.mjs';
import { postgresHere } from './support/postgres.mjs';

const ttl = 1_000 * patience;

test('three gateways lose no message, tell none twice or out of order, and share no key, whatever happens to them',
  { skip: !postgresHere && 'PostgreSQL is not installed' }, async (t) => {
    const out = await chaos(t, { minutes: 1.5, seed: 25, accounts: 24, clients: 60, ttl, mean: 1000 * patience,
      say: (text) => t.diagnostic(text) });
    const { faults, ...figures } = out;
    t.diagnostic(JSON.stringify(figures));
    assert.deepEqual(faults, []);
    assert.equal(figures.links, 1);
    assert.ok(figures.said > 100 && figures.changes > 20, 'too little happened');
    assert.ok(figures.p99 <= ttl + 2_000 * patience, `an account was without an answer for ${figures.p99} ms`);
  });
