// A crowd of authorized connections, most of them silent, and what a request costs beside more of
// them, and beside more requests in flight.
import { mostConnections, signedIn } from '../support/crowd.mjs';
import { load, warm } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { apart, floor, using } from '../support/servers.mjs';

const state = '{"_cons":"updates.getState"}';
const many = (count) => count.toLocaleString('en-US');

// One in a hundred asks, the rest is silent: some times a second, whatever became of the question
// before, or again as soon as there is an answer.
async function active(quick, full) {
  const connections = quick ? 500 : mostConnections();
  const seconds = quick ? 5 : full ? 600 : 60;
  const some = Math.ceil(connections / 100), often = quick ? 50 : 10;
  const servers = { ...apart, floor: () => floor() };
  return using(servers, ({ gateway, floor: bare }) => signedIn(gateway, connections, async (firsts) => {
    const options = { port: gateway.port, firsts, message: state, active: some };
    const compare = async (how, times, more) => {
      const few = { ...more, connections: some, seconds: quick ? 3 : 15 };
      const least = await load({ ...few, port: bare.port });
      const alone = await load({ ...options, ...few });
      const crowd = await load({ ...options, ...more, connections, seconds: times });
      const ratio = crowd.p99_us / alone.p50_us;
      return { what: `${many(connections)} connections, ${some} of them ask ${how}, for ${times} s: p99`,
        measured: `${unit(crowd.p99_us, 'µs')} (p50 ${figure(crowd.p50_us)}; ${many(crowd.requests)} requests, no error)`,
        beside: `these alone p50 ${unit(alone.p50_us, 'µs')}, p99 ${figure(alone.p99_us)}; as many at the floor ${figure(least.p50_us)} and ${figure(least.p99_us)}`,
        ratio, target: '≤ 5', met: ratio <= 5 };
    };
    return [await compare(`${often} times a second`, seconds, { pace: 1000 / often }),
      await compare('without a pause', Math.min(seconds, 60), {})];
  }));
}

// One request at a time, on the next connection each time, so that nothing but their number differs.
async function byConnections(quick) {
  const sizes = quick ? [1, 100, 500] : [1, 100, 1000, mostConnections()];
  return using(apart, ({ gateway }) => signedIn(gateway, sizes.at(-1), async (firsts) => {
    const cost = new Map(sizes.map((connections) => [connections, []]));
    for (let i = 0; i < (quick ? 3 : 7); ++i) {
      for (const [connections, runs] of cost) {
        const { cpu_us } = await load({ port: gateway.port, pid: gateway.pid, firsts, connections, rotate: 1,
          seconds: quick ? 0.5 : 2 });
        runs.push(cpu_us[0]);
      }
    }
    const first = median(cost.get(1));
    const all = [...cost].map(([connections, runs]) => ({ connections, time: median(runs) }));
    const worst = Math.max(...all.map(({ time }) => Math.abs(time / first - 1)));
    return [{ what: 'CPU per `ping` beside the number of connections, one at a time on each in turn',
      measured: all.map(({ connections, time }) => `${many(connections)}: ${figure(time)}`).join(', ') + ' µs',
      beside: `one connection ${unit(first, 'µs')}`, ratio: all.at(-1).time / first, target: '± 20 %', met: worst <= 0.2 }];
  }));
}

async function byFlight(quick) {
  const flights = [1, 2, 4, 8, 16, 32, 64];
  return using(apart, async ({ gateway }) => {
    const cost = new Map(flights.map((flight) => [flight, []]));
    for (let i = 0; i < (quick ? 3 : 7); ++i) {
      for (const [flight, runs] of cost) {
        const { cpu_us } = await load({ port: gateway.port, pid: gateway.pid, first: warm, 'in-flight': flight,
          seconds: quick ? 0.4 : 1 });
        runs.push(cpu_us[0]);
      }
    }
    const times = [...cost.values()].map(median);
    // Twice as many in flight never cost more each; what a measurement wavers is let pass.
    const falling = times.every((time, i) => i === 0 || time <= times[i - 1] * 1.05);
    return [{ what: 'CPU per `ping` with 1, 2, 4, 8, 16, 32 and 64 in flight on one connection',
      measured: `${times.map(figure).join(', ')} µs`, beside: `one in flight ${unit(times[0], 'µs')}`,
      ratio: times.at(-1) / times[0], target: 'falling', met: falling }];
  });
}

export const rows = { active, 'growth-connections': byConnections, 'growth-in-flight': byFlight };
