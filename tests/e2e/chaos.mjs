// Several gateways on one PostgreSQL under everything that can go wrong with them: `node
// tests/e2e/chaos.mjs [--minutes 30] [--seed N] [--accounts 300] [--clients 600] [--lease-ttl MS]
// [--mean MS] [--only KIND,KIND] [--logs DIR]`. Each thing that is not as it should be is printed, and
// the status is 1. tests/e2e/chaos_test.mjs is the short form.
import { parseArgs } from 'node:util';
import { chaos } from './support/chaos.mjs';

const { values } = parseArgs({ options: { ...Object.fromEntries(['minutes', 'seed', 'accounts', 'clients', 'lease-ttl', 'mean', 'only', 'logs']
  .map((name) => [name, { type: 'string' }])) } });
const number = (name, usual) => Number(values[name] ?? usual);
const ttl = number('lease-ttl', 2000), atEnd = [];
let out;
try {
  out = await chaos({ after: (what) => atEnd.unshift(what) }, { minutes: number('minutes', 30), seed: number('seed', Date.now() % 1_000_000),
    accounts: number('accounts', 300), clients: number('clients', 600), ttl, mean: number('mean', 5000), only: values.only?.split(','),
    logs: values.logs, say: (text) => console.log(text) });
} finally {
  for (const end of atEnd) await end();
}
const { faults, ...figures } = out;
console.log(figures);
console.log(`an account whose node was killed answers again after ${figures.p50} ms (half of ${figures.failovers}), ${figures.p99} ms (99 %); ` +
  `the lease is ${ttl} ms`);
if (figures.p99 > ttl + 2000) faults.push(`more than the lease and 2 s: ${figures.p99} ms`);
console.log(faults.length ? `${faults.length} faults:\n${faults.slice(0, 60).join('\n')}` : 'nothing was lost, told twice or out of order');
process.exit(faults.length ? 1 : 0);
