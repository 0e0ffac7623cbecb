// Other people's clients and the gateway's beside each other: a cheap call to the same sandbox.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Sandbox } from '../../interop/support/sandbox.mjs';
import { gramjs, mtcute, telethon } from '../../interop/support/schemes.mjs';
import { onOneCoreAndOnAll } from '../support/cores.mjs';
import { load } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { floor, gateway, relay, using } from '../support/servers.mjs';

const nearest = '{"_cons":"help.getNearestDc"}';
const file = (name) => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));
const peers = { mtcute: ['node', file('mtcute.mjs')], gramjs: ['node', file('gramjs.mjs')],
  telethon: ['/usr/bin/python3', file('telethon_peer.py')] };

async function ask([command, script], told) {
  const { stdout } = await promisify(execFile)(command, [script, JSON.stringify(told)], { timeout: 60_000 });
  return JSON.parse(stdout);
}

const starts = {
  async sandbox() {
    const started = await Sandbox.start([mtcute, gramjs, (folder) => telethon(folder).file], [], 'warn');
    const { modulus, exponent, fingerprint } = started.key;
    return { dcs: started.dcs, key: `${started.scratch}/public.pem`, close: () => started.close(),
      told: { pem: started.publicKey, modulus: modulus.toString('hex'), exponent: exponent.toString('hex'),
        fingerprint: `${fingerprint}` } };
  },
  gateway: ({ sandbox }) => gateway(sandbox),
  floor: () => floor(),
  relay: (running) => relay(running.floor),
};

async function roundTrips(quick, where) {
  return using(starts, async ({ sandbox, gateway: own, relay: bare }) => {
    const seconds = quick ? 0.5 : 2;
    const told = { port: sandbox.dcs[2], seconds, key: sandbox.told };
    const ours = [], least = [], theirs = Object.fromEntries(Object.keys(peers).map((name) => [name, []]));
    const versions = {};
    for (let i = 0; i < (quick ? 2 : 5); ++i) {
      const { p50_us } = await load({ port: own.port, first: `{"id":5,"message":${nearest}}`, message: nearest, seconds });
      ours.push(p50_us);
      // What nothing with two hops can stay below.
      least.push((await load({ port: bare.port, message: nearest, seconds })).p50_us);
      for (const [name, peer] of Object.entries(peers)) {
        const one = await ask(peer, told);
        theirs[name].push(one.p50_us);
        versions[name] = one.version;
      }
    }
    const times = Object.entries(theirs).map(([name, list]) => ({ name: versions[name], time: median(list) }))
      .sort((a, b) => a.time - b.time);
    const ratio = median(ours) / times[0].time;
    return { what: `round trip of \`help.getNearestDc\`, median, one after the other, ${where}`,
      measured: `${unit(median(ours), 'µs')} (the floor behind a bare relay ${figure(median(least))})`,
      beside: times.map(({ name, time }) => `${name} ${figure(time)}`).join(', ') + ' µs', ratio,
      target: '≤ 0.15', met: ratio <= 0.15 };
  });
}

export const rows = { peers: (quick) => onOneCoreAndOnAll((where) => roundTrips(quick, where)) };
