// How soon the gateway is there, and what it holds before anybody comes.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build, pause, streamjson } from '../../e2e/support/gateway.mjs';
import { resident } from '../support/crowd.mjs';
import { median, unit } from '../support/numbers.mjs';

const schemes = path.join(build, 'scheme');
const first = path.join(schemes, 'api.tl');
// The newest that the build put beside the program.
const second = () => path.join(schemes, 'layers', fs.readdirSync(path.join(schemes, 'layers'))
  .filter((name) => /^layer-\d+\.tl$/.test(name)).sort().at(-1));
const serving = (...layers) => ['--port', '0', '--api-id', '12345', '--api-hash', 'abcdef',
  ...layers.flatMap((file) => ['--scheme', file])];

// Starts a process and, after its first word, gives what `look` finds.
function started(args, look) {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const child = spawn(streamjson, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let found;
    child.stdout.once('data', async () => {
      found = await look(Number(process.hrtime.bigint() - begin) / 1e6, child);
      child.kill();
    });
    child.once('error', reject).once('close', () => {
      found === undefined ? reject(new Error(`${args.join(' ')} said nothing`)) : resolve(found);
    });
  });
}

const milliseconds = (args) => started(args, (time) => time);
const megabytes = (args) => started(args, async (time, child) => {
  await pause(200); // its threads are there by then
  return resident(child.pid) / 1e6;
});

async function startUp(quick) {
  const ours = [], least = [];
  for (let i = 0; i < (quick ? 5 : 21); ++i) {
    least.push(await milliseconds(['--version']));
    ours.push(await milliseconds(serving(first)));
  }
  const time = median(ours);
  return [{ what: 'start to listening, full scheme parsed, without `--sandbox`', measured: unit(time, 'ms'),
    beside: `the process alone (\`--version\`) ${unit(median(least), 'ms')}`, target: '≤ 40 ms', met: time <= 40 }];
}

async function memory(quick) {
  const one = [], two = [];
  for (let i = 0; i < (quick ? 3 : 9); ++i) {
    one.push(await megabytes(serving(first)));
    two.push(await megabytes(serving(first, second())));
  }
  const more = median(two) - median(one);
  return [{ what: 'memory of the process at start, one layer, without `--sandbox`', measured: unit(median(one), 'MB'),
    beside: '', target: '≤ 11.6 MB', met: median(one) <= 11.6 },
  { what: 'memory that a second layer adds', measured: unit(more, 'MB'), beside: '', target: '≤ 1.57 MB', met: more <= 1.57 }];
}

export const rows = { start: startUp, 'start-memory': memory };
