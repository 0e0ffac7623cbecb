// The gateway beside the floor, the sandbox in another process: CPU time of a round trip, and its length.
import { onOneCoreAndOnAll } from '../support/cores.mjs';
import { load, warm } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { apart, floor, relay, using } from '../support/servers.mjs';

const starts = { ...apart, floor: () => floor(), gathering: () => floor(['--gather']),
  relay: (running) => relay(running.floor) };
const bare = ({ port, pid }) => ({ port, pid });
const targets = (running) => ({
  floor: bare(running.floor), gathering: bare(running.gathering), relay: bare(running.relay),
  ours: { port: running.gateway.port, pid: running.gateway.pid, first: warm },
  webSocket: { port: running.gateway.port, pid: running.gateway.pid, first: warm, 'web-socket': true },
});

// Medians over alternating runs: { floor: { cpu_us, p50_us, … }, gathering: …, relay: …, ours: … }
async function alternate({ rounds, seconds }, names, options) {
  return using(starts, async (running) => {
    const runs = Object.fromEntries(names.map((name) => [name, []]));
    const all = targets(running);
    for (let i = 0; i < rounds; ++i) {
      for (const name of names) {
        const measured = await load({ ...all[name], ...options, seconds });
        runs[name].push({ ...measured, cpu_us: measured.cpu_us[0] });
      }
    }
    const middle = (list) => Object.fromEntries(['cpu_us', 'p50_us', 'p99_us', 'per_second']
      .map((name) => [name, median(list.map((one) => one[name]))]));
    return Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, middle(list)]));
  });
}

async function cpu(how, connections, inFlight) {
  const { floor: least, gathering, ours } = await alternate(how, ['floor', 'gathering', 'ours'],
    { connections, 'in-flight': inFlight });
  const ratio = ours.cpu_us / least.cpu_us;
  return [{
    what: `gateway CPU per \`ping\`, ${connections} connection${connections > 1 ? 's' : ''}, ${inFlight} in flight each`,
    measured: `${unit(ours.cpu_us, 'µs')} (${figure(ours.per_second)} a second)`,
    beside: `floor ${unit(least.cpu_us, 'µs')} (${unit(gathering.cpu_us, 'µs')} where it gathers its writes)`,
    ratio, target: '≤ 3', met: ratio <= 3,
  }];
}

async function webSocket(how) {
  const { ours, webSocket: framed } = await alternate(how, ['ours', 'webSocket'], { connections: 64, 'in-flight': 1 });
  const ratio = framed.cpu_us / ours.cpu_us;
  return [{ what: 'gateway CPU per `ping` over WebSocket, 64 connections, 1 in flight each',
    measured: `${unit(framed.cpu_us, 'µs')} (${figure(framed.per_second)} a second)`, beside: `on a line ${unit(ours.cpu_us, 'µs')}`,
    ratio, target: '≤ 1.15', met: ratio <= 1.15 }];
}

async function added(how, where) {
  const { floor: least, relay: between, ours } = await alternate(how, ['floor', 'relay', 'ours'], { connections: 1 });
  const more = ours.p50_us - least.p50_us;
  return {
    what: `latency added to a call, median, 1 connection, 1 in flight, ${where}`,
    measured: `${unit(more, 'µs')} (round trip ${figure(ours.p50_us)}, p99 ${figure(ours.p99_us)})`,
    beside: `floor's round trip ${unit(least.p50_us, 'µs')}; a bare relay adds ${figure(between.p50_us - least.p50_us)}`,
    ratio: ours.p50_us / least.p50_us, target: '≤ 60 µs added', met: more <= 60,
  };
}

const how = (quick) => (quick ? { rounds: 3, seconds: 0.5 } : { rounds: 7, seconds: 2 });
export const rows = {
  'cpu-1x64': (quick) => cpu(how(quick), 1, 64),
  'cpu-64x1': (quick) => cpu(how(quick), 64, 1),
  'cpu-web-socket': (quick) => webSocket(how(quick)),
  latency: (quick) => onOneCoreAndOnAll((where) => added(how(quick), where)),
};
