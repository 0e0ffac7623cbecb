// Runs the load generator with { connections: 64, 'in-flight': 1, … } and gives what it measured.
import { spawn } from 'node:child_process';
import { binary } from './servers.mjs';

// `through`: a command that becomes it, with its arguments.
function start({ through = [], ...options }) {
  const args = Object.entries(options).flatMap(([name, value]) => [value].flat()
    .flatMap((one) => (one === true ? [`--${name}`] : one === false ? [] : [`--${name}`, `${one}`])));
  const [program, ...rest] = [...through, binary('load'), ...args];
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '', errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (status) => {
      status === 0 ? resolve(output) : reject(new Error(errors || `load ended with ${status}`));
    });
  });
  ended.catch(() => {});
  const spoken = new Promise((resolve) => child.stdout.on('data', (data) => {
    output += data;
    if (output.includes('\n')) resolve();
  }));
  return { child, ended, spoken, output: () => JSON.parse(output) };
}

// Whoever started it may be gone by the time that it fails.
export function load(options) {
  const run = start(options);
  const measured = run.ended.then(run.output);
  measured.catch(() => {});
  return measured;
}

// Opens connections and keeps them while `body` runs; gives what that gives.
export async function holding(options, body) {
  const run = start({ ...options, hold: true });
  await Promise.race([run.spoken, run.ended]);
  try {
    return await Promise.race([body(run.output()), run.ended.then(() => { throw new Error('load ended early'); })]);
  } finally {
    run.child.stdin.end();
    await run.ended;
  }
}

// An object that makes a connection's link and key before anything is measured.
export const warm = '{"id":5,"message":{"_cons":"ping","ping_id":7}}';
