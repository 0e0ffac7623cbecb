// What is measured of a client of somebody else's, in a process of its own; prints it as JSON, with its version.
import fs from 'node:fs';
import { median } from '../support/numbers.mjs';

// What peers are told: { measure, port, seconds, accounts, phone, key: { pem, modulus, exponent, fingerprint } }, and
// TDLib where its library and its proxy are: { library, detour }
export const told = JSON.parse(process.argv[2] ?? '{}');

const warm = 200, inFlight = 64;
const clock = () => Number(process.hrtime.bigint()) / 1000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function resident() {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
}

const measures = {
  // How long a call takes, one after the other.
  async trip(open) {
    const call = await open();
    for (let i = 0; i < warm; i += 1) await call();
    const waits = [];
    for (const end = clock() + told.seconds * 1e6; clock() < end;) {
      const begin = clock();
      await call();
      waits.push(clock() - begin);
    }
    return { p50_us: median(waits) };
  },

  // The process's CPU time a call, many at a time.
  async cpu(open) {
    const call = await open();
    for (let i = 0; i < warm; i += 1) await call();
    let calls = 0;
    const end = clock() + told.seconds * 1e6;
    const begin = process.cpuUsage();
    await Promise.all(Array.from({ length: inFlight }, async () => {
      for (; clock() < end; calls += 1) await call();
    }));
    const { user, system } = process.cpuUsage(begin);
    return { cpu_us: (user + system) / calls, per_second: calls / told.seconds };
  },

  // What one more idle account in the process takes, signed in.
  async memory(open) {
    const few = Math.ceil(told.accounts / 5);
    for (let i = 0; i < few; i += 1) await open(told.phone);
    await pause(2000);
    const before = resident();
    for (let i = 0; i < told.accounts; i += 1) await open(told.phone);
    await pause(2000);
    return { bytes: (resident() - before) / told.accounts };
  },
};

// `open` makes a client, signed in where it is given a number, and gives what calls help.getNearestDc. `close` is for
// what can't be left alone at the end.
export async function tell(version, open, close = () => process.exit(0)) {
  console.log(JSON.stringify({ version, ...await measures[told.measure](open) }));
  await close();
}

// The code of a number that begins with 99966.
export const codeOf = (phone) => phone[5].repeat(5);

export function here(dc) {
  if (dc !== 2) throw new Error(`the wrong data centre: ${dc}`);
}
