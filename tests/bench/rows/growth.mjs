// Whether the gateway's work grows as its input does and no faster, and whether others wait while a
// client's longest line comes in.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Gateway, build, pause, top } from '../../e2e/support/gateway.mjs';
import { stringify } from '../../e2e/support/json.mjs';
import { inputs, piecesFor } from '../support/inputs.mjs';
import { load } from '../support/load.mjs';
import { figure, unit } from '../support/numbers.mjs';
import { cost, send } from '../support/send.mjs';
import { sandbox as box, using } from '../support/servers.mjs';

const longest = 15_900_000; // bytes of a line
const least = 20;           // ms of work at n, where lines of four times that are not too long

// One thread, and a data centre that says nothing: what is sent there stays in flight.
async function withoutAnswers() {
  const silent = net.createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const started = await Gateway.start(['--server', `127.0.0.1:${silent.address().port}`, '--threads', '1',
    '--rsa', path.join(top, 'tests/data/rsa_telegram_test.pem'), '--scheme', path.join(build, 'scheme/api.tl'),
    '--api-id', '12345', '--api-hash', 'abcdef', '--log-level', 'error', '--rpc-timeout', '10m', '--connect-timeout', '10m']);
  return { pid: started.child.pid, port: started.port, async close() {
    silent.close();
    await started.close();
  } };
}

// The least of several times, with `times` as much as at first.
async function ms(gateway, input, n, times, tries) {
  const bytes = input.of(n * times), before = input.before?.(times);
  const all = [];
  for (let i = 0; i < tries; ++i) all.push(await cost(gateway, input.way, bytes, before));
  return Math.min(...all);
}

// As many pieces as make enough work, where four times that are not too much for a line.
async function enough(gateway, input) {
  if (input.n) return input.n;
  const most = Math.floor(piecesFor(input, longest) / 4);
  let n = Math.min(most, piecesFor(input, 20_000));
  while (n < most && await ms(gateway, input, n, 1, 2) < least) n = Math.min(most, n * 2);
  return n;
}

async function growthOf(gateway, input, quick) {
  const n = await enough(gateway, input);
  const took = [];
  for (const times of [1, 2, 4]) took.push(await ms(gateway, input, n, times, quick ? 2 : 4));
  const ratios = [took[1] / took[0], took[2] / took[1]];
  const size = input.of(n).length;
  return { what: `${input.name}, ${figure(size / 1000)} KB, twice and four times that: the gateway's CPU`,
    measured: took.map((each) => unit(each, 'ms')).join(', '), beside: `ratios ${ratios.map(figure).join(', ')}`,
    ratio: Math.max(...ratios), target: 'ratios ≤ 2.3', met: Math.max(...ratios) <= 2.3 };
}

// One row for each, told as it comes: all of them take minutes.
async function ofEach(measure) {
  const rows = [];
  for (const input of inputs) {
    const row = await measure(input);
    console.error(`  ${row.what}: ${row.measured} (${row.beside})${row.met ? '' : ', too much'}`);
    rows.push(row);
  }
  return rows;
}

const growth = (quick) => ofEach((input) =>
  using({ gateway: withoutAnswers }, ({ gateway }) => growthOf(gateway, input, quick)));

// --- others, meanwhile ---

const patient = 20; // seconds that a line may keep the others waiting, before that is enough

// Another's pings to a data centre of its own, a millisecond apart, while one line after another of the kind comes in.
async function waits({ gateway, sandbox }, input, seconds) {
  const first = stringify({ id: 5, message: { _cons: 'ping', ping_id: 7 },
    server: { host: '127.0.0.1', port: sandbox.dcs[2], rsa: fs.readFileSync(sandbox.key, 'utf8') } });
  const measured = load({ port: gateway.port, first, pace: 1, seconds });
  let going = true;
  const over = measured.then(() => (going = false), () => (going = false));
  await pause(300);
  const bytes = input && input.of(piecesFor(input, longest));
  const flood = (async () => {
    while (input && going) (await send(gateway.port, input.way, bytes, '', over)).destroy();
  })();
  const tooLong = pause((seconds + patient) * 1000).then(() => going && process.kill(gateway.pid, 'SIGKILL'));
  const outcome = await Promise.race([measured.catch((error) => ({ error })), tooLong]);
  going = false;
  if (!outcome?.p99_us) return { p99: Infinity, max: Infinity, why: outcome?.error?.message ?? `more than ${patient} s` };
  await flood;
  return { p99: outcome.p99_us / 1000, max: outcome.max_us / 1000 };
}

const shown = ({ p99, why }) => why ?? unit(p99, 'ms');

async function fairnessOf(input, quick) {
  const running = { sandbox: await box() };
  try {
    running.gateway = await withoutAnswers();
    const alone = await waits(running, undefined, 1);
    const beside = await waits(running, input, quick ? 2 : 5);
    return { what: `others while lines of 15.9 MB come in, ${input.name}: p99`, measured: shown(beside),
      beside: `at most ${Number.isFinite(beside.max) ? unit(beside.max, 'ms') : '∞'}; without ${shown(alone)}`, target: '≤ 20 ms', met: beside.p99 <= 20 };
  } finally {
    await running.gateway?.close().catch(() => {}); // it may have been killed
    await running.sandbox.close();
  }
}

const fairness = (quick) => ofEach((input) => fairnessOf(input, quick));

export const rows = { growth, fairness };
