// Writes server/link_order.ld: the names of what a start calls, as valgrind sees them. A program's
// pages come into memory sixteen at a time, so what a start calls should lie side by side. To be
// run when `tests/bench/run start-memory` grows: node tests/bench/link_order.mjs
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { build, folder, streamjson, top } from '../e2e/support/gateway.mjs';

const longest = 80; // of a name; what is longer stands for all that begin so

// Tells of each function of the program that ran: lines `fn=(number) name` behind `ob=(number) file`,
// where a number that was told before has no name.
function called(profile) {
  const objects = new Map(), functions = new Map(), found = new Set();
  const named = (known, text) => {
    const [, number, name] = /^(\(\d+\))(?: (.*))?$/.exec(text);
    if (name) known.set(number, name);
    return known.get(number);
  };
  let object;
  for (const line of profile.split('\n')) {
    const [, key, text] = /^(c?ob|c?fn)=(.*)$/.exec(line) ?? [];
    if (key === 'ob') object = named(objects, text);
    else if (key === 'cob') named(objects, text);
    else if (key) {
      const name = named(functions, text);
      if (key === 'fn' && object === streamjson) found.add(name.replace(/'\d+$/, ''));
    }
  }
  return found;
}

// A constructor has two names, and its section the other one. What the optimizer adds to a name may
// be another next time.
function pattern(name) {
  const either = name.replace(/([CD])1(?=[EI](?!.*[CD]1[EI]))/, '$1?');
  const [plain, ...added] = either.split('.');
  if (plain.length > longest) return `.text.${plain.slice(0, longest)}*`;
  return added.length > 0 ? `.text.${plain} .text.${plain}.*` : `.text.${plain}`;
}

async function profileOfStart() {
  const scratch = folder();
  try {
    const child = spawn('valgrind', ['--tool=callgrind', '--demangle=no', `--callgrind-out-file=${scratch}/profile`, streamjson,
      '--port', '0', '--api-id', '12345', '--api-hash', 'abcdef', '--scheme', path.join(build, 'scheme/api.tl')],
    { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const [status] = await once(child, 'close');
    if (status !== 0) throw new Error(`valgrind ended with ${status}`);
    return fs.readFileSync(`${scratch}/profile`, 'utf8');
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

const names = [...called(await profileOfStart())].filter((name) => /^(?!_GLOBAL_)[A-Za-z_][\w.$]*$/.test(name));
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
