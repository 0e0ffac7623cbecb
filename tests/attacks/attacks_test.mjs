// The short form of tests/attacks/run: each attack under a limit of 64M. What is measured is memory,
// so this is for the release build alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patience } from '../e2e/support/gateway.mjs';
import { attacks } from './attacks.mjs';
import { attack, bound } from './support/stage.mjs';

const limit = 64 << 20;

for (const [name, one] of Object.entries(attacks)) {
  test(`under --max-memory 64M: ${one.about} (${name})`, { timeout: 120_000 * patience }, async () => {
    const row = await attack(one, limit, 30_000 * patience);
    const MiB = (value) => `${Math.round(value / 2 ** 20)} MiB`;
    assert.deepEqual(row.faults, [], `${MiB(row.peak)} resident, at most ${bound} × (${MiB(row.start)} + ${MiB(limit)})`);
  });
}
