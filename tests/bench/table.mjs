// Measures the rows that are named, or all, and prints one table. `tests/bench/run` calls it.
//
//   STREAMJSON_BUILD=build node tests/bench/table.mjs [--quick] [--full] [--against FOLDER] [ROW…]
//
// --against: the same rows of another build, in turn, and how they changed. --json: the rows as they are.
import { parseArgs } from 'node:util';
import { about } from './support/about.mjs';
import { against, checkFolder } from './support/against.mjs';
import { figure } from './support/numbers.mjs';
import { Stolen } from './support/stolen.mjs';
import { rows as crowd } from './rows/crowd.mjs';
import { rows as files } from './rows/files.mjs';
import { rows as growth } from './rows/growth.mjs';
import { rows as hops } from './rows/hops.mjs';
import { rows as memory } from './rows/memory.mjs';
import { rows as named } from './rows/named.mjs';
import { rows as others } from './rows/others.mjs';
import { rows as peers } from './rows/peers.mjs';
import { rows as pieces } from './rows/pieces.mjs';
import { rows as returning } from './rows/returning.mjs';
import { rows as start } from './rows/start.mjs';
import { rows as store } from './rows/store.mjs';

const all = { ...pieces, ...hops, ...peers, ...memory, ...crowd, ...returning, ...others, ...start, ...files, ...growth, ...named, ...store };
function asked() {
  const { values, positionals } = parseArgs({ allowPositionals: true,
    options: { ...Object.fromEntries(['quick', 'full', 'json'].map((name) => [name, { type: 'boolean', default: false }])), against: { type: 'string' } } });
  if (values.against !== undefined) checkFolder(values.against);
  const unknown = positionals.find((name) => !(name in all));
  if (unknown) throw new Error(`There is no row '${unknown}': ${Object.keys(all).join(', ')}.`);
  return { given: values, names: positionals.length ? positionals : Object.keys(all) };
}

let given, names;
try {
  ({ given, names } = asked());
} catch (error) {
  console.error(error.message);
  process.exit(2);
}

const measured = [];
let broken = 0;
for (const name of names) {
  console.error(`measuring ${name}`);
  const stolen = new Stolen();
  try {
    const flags = ['quick', 'full'].filter((flag) => given[flag]).map((flag) => `--${flag}`);
    const found = given.against === undefined ? await all[name](given.quick, given.full) : await against(given.against, name, flags);
    measured.push(...found.map((row) => ({ ...row, stolen: stolen.share() })));
  } catch (error) {
    console.error(`${name} broke: ${error.stack}`);
    measured.push({ what: name, measured: 'broke', beside: '', target: '' });
    broken += 1;
  }
}

const met = (row) => (row.met === undefined ? '' : row.met ? 'yes' : 'no');
const ratio = (row) => (row.ratio === undefined ? '' : row.ratio >= 100 ? figure(row.ratio) : row.ratio.toFixed(2));
const stolen = (row) => (row.stolen === undefined ? '' : `${figure(row.stolen * 100)} %`);
if (given.json) {
  console.log(JSON.stringify(measured));
  process.exit(broken ? 1 : 0);
}
const change = (row) => (Number.isFinite(row.change) ? row.change.toFixed(2) : '');
const compared = (old, changed) => (given.against === undefined ? [] : [old, changed]);
const lines = measured.map((row) => [row.what, row.measured, ...compared(row.old ?? '', change(row)), row.beside, ratio(row), row.target, met(row), stolen(row)]);
const head = ['what', 'measured', ...compared('the other build', 'new ÷ old'), 'floor or peer', 'ratio', 'target', 'met', 'stolen'];
console.log([head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n'));
console.log('\n*stolen*: what the host of a virtual machine took of its time; tails grow with it.');
console.log(`\n${about(given.quick)}`);
process.exit(broken ? 1 : 0);
