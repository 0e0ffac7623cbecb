// Carries out the attacks and prints one table. `tests/attacks/run` calls it.
//
//   STREAMJSON_BUILD=build node tests/attacks/table.mjs [--limits 64M,256M,1G] [--only NAME,…] [--binary PATH] [--list]
import path from 'node:path';
import { parseArgs } from 'node:util';

const units = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function bytes(text) {
  const [, number, unit] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  if (!number) throw new Error(`'${text}' is no size: 64M, 256M or 1G are.`);
  return Number(number) * units[unit];
}

let given;
try {
  given = parseArgs({ options: { limits: { type: 'string', default: '64M,256M,1G' }, only: { type: 'string' },
    binary: { type: 'string' }, list: { type: 'boolean' } } }).values;
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
// It says where the program is that is started, and is read as soon as that is loaded.
if (given.binary) process.env.STREAMJSON_BUILD = path.dirname(path.resolve(given.binary));
const { attacks } = await import('./attacks.mjs');
const { attack, bound } = await import('./support/stage.mjs');

if (given.list) {
  for (const [name, { about }] of Object.entries(attacks)) console.log(`${name}: ${about}`);
  process.exit(0);
}
let limits, names;
try {
  limits = given.limits.split(',').map((text) => [text, bytes(text)]);
  names = given.only?.split(',') ?? Object.keys(attacks);
  const unknown = names.find((name) => !(name in attacks));
  if (unknown) throw new Error(`There is no attack '${unknown}': ${Object.keys(attacks).join(', ')}.`);
} catch (error) {
  console.error(error.message);
  process.exit(2);
}

const MiB = (value) => (value / 2 ** 20).toFixed(value < 10 * 2 ** 20 ? 1 : 0);
const told = (counts) => Object.entries(counts).map(([name, n]) => `${n} ${name}`).join(', ');
const line = (cells) => console.log(`| ${cells.join(' | ')} |`);

line(['attack', 'limit', 'at start', 'peak', 'ratio', 'bound', 'verdict', 'meter', 'pings', 'errors told']);
line(Array(10).fill('---'));
let bad = 0;
for (const name of names) {
  for (const [text, limit] of limits) {
    let row;
    try {
      row = await attack(attacks[name], limit);
    } catch (error) {
      console.error(error.stack);
      row = { start: NaN, peak: NaN, ratio: NaN, meter: NaN, pings: 0, busy: 0, refused: {}, faults: [error.message.split('\n')[0]] };
    }
    bad += row.faults.length > 0;
    line([name, text, `${MiB(row.start)} MiB`, `${MiB(row.peak)} MiB`, row.ratio.toFixed(2), bound, row.faults.join('; ') || 'held',
      `${MiB(row.meter)} MiB`, `${row.pings}, ${row.busy} Busy`, told(row.refused)]);
  }
}
console.log(`\nratio: peak / (size at start + limit). meter: the most that streamjson_memory_bytes was seen at. MiB of resident memory.`);
process.exit(bad ? 1 : 0);
