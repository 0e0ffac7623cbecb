// Stops and starts a gateway under the load of many clients: `node tests/e2e/restart.mjs [CLIENTS]
// [RESTARTS] [MS]` (2000, 3; 1000 ms between a client's requests). Each must be back within 5 s, and
// no request lost without a word. Takes a minute; with fewer clients it is a test, in restart_test.mjs.
import assert from 'node:assert/strict';
import { restarted } from './support/restart.mjs';

const clients = Number(process.argv[2] ?? 2000), restarts = Number(process.argv[3] ?? 3), mean = Number(process.argv[4] ?? 1000);
const atEnd = [];
try {
  const out = await restarted({ after: (what) => atEnd.unshift(what) }, { clients, restarts, mean, ms: 5000,
    say: (n, { stopped, started, p50, p99, last, told }) => console.log(`restart ${n}: stopped in ${stopped} ms, ` +
      `listening ${started} ms later; an answer for half of the ${clients} clients ${p50} ms behind that, for 99 % ` +
      `${p99}, for all ${last}; ${told} requests ended with their connection`) });
  console.log(`${out.asked} requests: ${out.answered} answered, ${out.told} told by the closing, ${out.late} told rpc_timeout, ${out.lost} lost, ` +
    `${out.wrong.length} wrong; closed with: ${out.closings.join(' | ')}`);
  for (const reply of out.wrong.slice(0, 5)) console.log(`wrong: ${JSON.stringify(reply)}`);
  assert.equal(out.answered + out.told + out.late, out.asked);
  assert.deepEqual([out.lost, out.wrong.slice(0, 5)], [0, []]);
  for (const { last } of out.restarts) assert.ok(last <= 5000, `${last} ms`);
} finally {
  for (const end of atEnd) await end();
}
process.exit(0);
