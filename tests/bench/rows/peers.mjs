// Other people's clients and the gateway's beside each other: a cheap call to the same sandbox, and idle accounts.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { folder } from '../../e2e/support/gateway.mjs';
import { Sandbox } from '../../interop/support/sandbox.mjs';
import { gramjs, mtcute, telethon } from '../../interop/support/schemes.mjs';
import { libraryFor } from '../../interop/tdlib/library.mjs';
import { onOneCoreAndOnAll } from '../support/cores.mjs';
import { load } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { floor, gateway, listening, relay, using } from '../support/servers.mjs';
import { bytesEach } from './memory.mjs';

const nearest = '{"_cons":"help.getNearestDc"}';
const file = (name) => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));
const node = (name) => ['node', '--expose-gc', file(name)];
const peers = { mtcute: node('mtcute.mjs'), gramjs: node('gramjs.mjs'), telethon: ['/usr/bin/python3', file('telethon_peer.py')],
  tdlib: node('tdlib.mjs') };

// TDLib's library with the sandbox's key.
function forTdlib(sandbox) {
  const scratch = folder();
  return { library: libraryFor(sandbox, scratch), close: () => fs.rmSync(scratch, { recursive: true, force: true }) };
}

const starts = {
  async sandbox() {
    const started = await Sandbox.start([mtcute, gramjs, (scratch) => telethon(scratch).file], [], 'warn');
    const { modulus, exponent, fingerprint } = started.key;
    const tdlib = forTdlib(started);
    return { dcs: started.dcs, key: `${started.scratch}/public.pem`, tdlib,
      told: { port: started.dcs[2], key: { pem: started.publicKey, modulus: modulus.toString('hex'),
        exponent: exponent.toString('hex'), fingerprint: `${fingerprint}` } },
      async close() {
        tdlib.close();
        await started.close();
      } };
  },
  detour: ({ sandbox: { dcs } }) => listening(process.execPath, [file('detour.mjs'), [1, 2, 3].map((dc) => dcs[dc]).join()]),
  gateway: ({ sandbox }) => gateway(sandbox),
};
const measured = { ...starts, floor: () => floor(), relay: (running) => relay(running.floor),
  around: ({ sandbox, detour }) => gateway(sandbox, ['--proxy', `socks5://127.0.0.1:${detour.port}`]) };

// What that peer measures of itself: { version, … }
async function ask({ sandbox, detour }, name, told) {
  const [command, ...args] = peers[name];
  const all = { ...sandbox.told, library: sandbox.tdlib.library, detour: detour.port, ...told };
  const { stdout } = await promisify(execFile)(command, [...args, JSON.stringify(all)], { timeout: 120_000 });
  return JSON.parse(stdout);
}

// The medians of `rounds` in turn with `ours`, the least first: [{ name, value }…]
async function inTurn(running, rounds, told, figureOf, ours = async () => {}) {
  const all = new Map();
  for (let i = 0; i < rounds; i += 1) {
    await ours();
    for (const name of Object.keys(peers)) {
      const one = await ask(running, name, told);
      all.set(one.version, [...all.get(one.version) ?? [], figureOf(one)]);
    }
  }
  return [...all].map(([name, values]) => ({ name, value: median(values) })).sort((a, b) => a.value - b.value);
}
const listed = (all, unitName) => `${all.map(({ name, value }) => `${name} ${figure(value)}`).join(', ')} ${unitName}`;

async function roundTrips(quick, where) {
  return using(measured, async (running) => {
    const seconds = quick ? 0.5 : 2;
    const ours = [], around = [], least = [];
    const trip = async ({ port }) => (await load({ port, first: `{"id":5,"message":${nearest}}`, message: nearest, seconds })).p50_us;
    const times = await inTurn(running, quick ? 2 : 5, { measure: 'trip', seconds }, ({ p50_us }) => p50_us, async () => {
      ours.push(await trip(running.gateway));
      around.push(await trip(running.around));
      // What nothing with two hops can stay below.
      least.push((await load({ port: running.relay.port, message: nearest, seconds })).p50_us);
    });
    const ratio = median(ours) / times[0].value;
    return { what: `round trip of \`help.getNearestDc\`, median, one after the other, ${where}`,
      measured: `${unit(median(ours), 'µs')} (the floor behind a bare relay ${figure(median(least))})`,
      beside: `${listed(times, 'µs')}; TDLib by a proxy, which adds ${figure(median(around) - median(ours))} µs to ours`,
      ratio, target: '≤ 0.15', met: ratio <= 0.15 };
  });
}

// Of the gateway its process alone: whoever asks it has an object to write and one to read, too.
async function cpu(quick) {
  return using(starts, async (running) => {
    const seconds = quick ? 0.5 : 2;
    const { pid, port } = running.gateway;
    const ours = [];
    const times = await inTurn(running, quick ? 2 : 5, { measure: 'cpu', seconds }, ({ cpu_us }) => cpu_us, async () => {
      const { cpu_us } = await load({ port, pid, first: `{"id":5,"message":${nearest}}`, message: nearest, 'in-flight': 64, seconds });
      ours.push(cpu_us[0]);
    });
    return [{ what: 'CPU a `help.getNearestDc` of the process, 64 in flight', measured: unit(median(ours), 'µs'),
      beside: listed(times, 'µs'), ratio: median(ours) / times[0].value, target: '≤ 1', met: median(ours) <= times[0].value }];
  });
}

async function memory(quick) {
  const accounts = quick ? 20 : 100, connections = 500;
  const ours = await bytesEach(connections) / 1024;
  const theirs = await using({ sandbox: starts.sandbox, detour: starts.detour }, (running) =>
    inTurn(running, 1, { measure: 'memory', accounts, phone: '9996620001' }, ({ bytes }) => bytes / 1024));
  return [{ what: `memory of one more idle account, signed in (${connections} at the gateway, ${accounts} in the process of a library)`,
    measured: unit(ours, 'KiB'), beside: listed(theirs, 'KiB'), ratio: ours / theirs[0].value, target: '≤ 1', met: ours <= theirs[0].value }];
}

export const rows = {
  peers: (quick) => onOneCoreAndOnAll((where) => roundTrips(quick, where)),
  'peers-cpu': cpu,
  'peers-memory': memory,
};
