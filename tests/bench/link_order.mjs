// Writes server/link_order.ld: the names of what a start calls, as valgrind sees them. A program's
// pages come into memory sixteen at a time, so what a start calls should lie side by side. To be
// run when `tests/bench/run start-memory` grows: node tests/bench/link_order.mjs
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { build, folder, top } from '../e2e/support/gateway.mjs';

const longest = 80; // of a name; what is longer stands for all that begin so

// The program without that order: of what is not in .text valgrind does not know whose it is.
function linkedAnyhow(scratch) {
  const command = execFileSync('ninja', ['-C', build, '-t', 'commands', 'streamjson'], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .trim().split('\n').at(-1);
  const program = `${scratch}/streamjson`;
  execFileSync('sh', ['-c', command.replace(/ -Wl,-T,\S+/, '').replace(' -o streamjson ', ` -o ${program} `)], { cwd: build });
  return program;
}

// Where the program's instructions are that ran.
function addressesRun(program, profile) {
  const found = new Set();
  let own = false;
  for (const line of profile.split('\n')) {
    if (line.startsWith('ob=')) own = line === `ob=${program}`;
    else if (own && line.startsWith('0x')) found.add(parseInt(line, 16));
  }
  return [...found].sort((a, b) => a - b);
}

// The names of the functions that have one of the addresses; both lists ascend.
function named(program, addresses) {
  const symbols = execFileSync('nm', ['--defined-only', '--numeric-sort', program], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .matchAll(/^([0-9a-f]+) [tTwW] (.+)$/gm);
  const found = [];
  let names = [], begin = -1, at = 0;
  const finish = (end) => {
    while (at < addresses.length && addresses[at] < begin) ++at;
    if (at < addresses.length && addresses[at] < end) found.push(...names);
  };
  for (const [, address, name] of symbols) {
    const next = parseInt(address, 16);
    if (next !== begin) {
      finish(next);
      [begin, names] = [next, []];
    }
    names.push(name);
  }
  finish(Infinity);
  return found;
}

// A constructor has two names, its section one of them. What the optimizer adds to a name may be
// another next time.
function pattern(name) {
  const either = name.replace(/([CD])[12](?=[EI](?!.*[CD][12][EI]))/, '$1?');
  const [plain, ...added] = either.split('.');
  if (plain.length > longest) return `.text.${plain.slice(0, longest)}*`;
  return added.length > 0 ? `.text.${plain} .text.${plain}.*` : `.text.${plain}`;
}

async function profileOfStart(program) {
  const child = spawn('valgrind', ['--tool=callgrind', '--dump-instr=yes', '--compress-pos=no', '--compress-strings=no',
    `--callgrind-out-file=${program}.profile`, program,
    '--port', '0', '--api-id', '12345', '--api-hash', 'abcdef', '--scheme', path.join(build, 'scheme/api.tl')],
  { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () => child.kill('SIGTERM'));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`valgrind ended with ${status}`);
  return fs.readFileSync(`${program}.profile`, 'utf8');
}

async function namesOfStart() {
  const scratch = folder();
  try {
    const program = linkedAnyhow(scratch);
    return named(program, addressesRun(program, await profileOfStart(program)));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

const names = (await namesOfStart()).filter((name) => /^(?!_GLOBAL_)[A-Za-z_][\w.$]*$/.test(name));
const patterns = [...new Set(names.map(pattern))].sort();
fs.writeFileSync(path.join(top, 'server/link_order.ld'), `/* What a start calls, side by side: see tests/bench/link_order.mjs, which wrote this. */
SECTIONS
{
  .text.start :
  {
${patterns.map((one) => `    *(${one})\n`).join('')}  }
}
INSERT BEFORE .text;
`);
console.log(`${patterns.length} names`);
