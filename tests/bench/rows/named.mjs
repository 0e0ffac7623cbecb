// A named account: a call over HTTP beside the same on a line, and those who follow its updates.
import { setTimeout as pause } from 'node:timers/promises';
import { cluster } from '../../e2e/support/cluster.mjs';
import { keep, say } from '../../e2e/support/named.mjs';
import { resident } from '../support/crowd.mjs';
import { Followers } from '../support/followers.mjs';
import { load } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { apart, gateway as start, using } from '../support/servers.mjs';

const starts = { ...apart, gateway: ({ sandbox }) => start(sandbox, ['--store', 'sqlite::memory:']) };
const keeping = (body) => using(starts, async ({ gateway }) => {
  await keep(gateway);
  return body(gateway);
});

const method = 'help.getNearestDc';
const asked = `{"id":5,"account":"ada","message":{"_cons":"${method}"}}`;
const ways = {
  lines: { first: asked, message: `{"_cons":"${method}"}` },
  api: { post: `/api/v1/ada/${method}`, message: '{}', first: '{}' },
  json: { post: '/json', message: asked, first: asked },
};

async function calls(quick) {
  const [rounds, seconds] = quick ? [3, 0.5] : [7, 2];
  const runs = { lines: [], api: [], json: [] };
  await keeping(async ({ port, pid }) => {
    for (let i = 0; i < rounds; i += 1) {
      for (const [name, way] of Object.entries(ways)) {
        const { cpu_us: [cpu], per_second } = await load({ port, pid, connections: 64, seconds, ...way });
        runs[name].push({ cpu, per_second });
      }
    }
  });
  const middle = (name, what) => median(runs[name].map((one) => one[what]));
  const line = middle('lines', 'cpu');
  const row = (name, what, target) => ({
    what: `gateway CPU per \`${method}\` of a named account, ${what}, 64 connections kept alive`,
    measured: `${unit(middle(name, 'cpu'), 'µs')} (${figure(middle(name, 'per_second'))} a second)`,
    beside: `on a line ${unit(line, 'µs')}`, ratio: middle(name, 'cpu') / line, ...target(middle(name, 'cpu') / line) });
  return [row('api', '`POST /api/v1/…`', (ratio) => ({ target: '≤ 1.3', met: ratio <= 1.3 })),
    row('json', '`POST /json`', () => ({ target: '' }))];
}

async function spread(quick) {
  const count = 1000, updates = quick ? 10 : 50;
  return keeping((gateway) => Followers.with(gateway, '/api/v1/ada/events', count, async (followers) => {
    for (let i = 1; i <= updates; i += 1) {
      await say(gateway, `update ${i}`);
      await followers.heard(i);
    }
    const p99 = followers.events.map((one) => one.p99_ms);
    return [{ what: `an update to ${figure(count)} who follow one account by SSE: from the first to the p99 one, median of ${updates}`,
      measured: `${unit(median(p99), 'ms')} (at most ${figure(Math.max(...p99))})`, beside: '', target: '≤ 50 ms', met: median(p99) <= 50 }];
  }));
}

async function memory(quick) {
  const count = quick ? 1000 : 5000;
  return keeping((gateway) => Followers.with(gateway, '/api/v1/ada/events', 1, async () => {
    await pause(500);
    const before = resident(gateway.pid);
    return Followers.with(gateway, '/api/v1/ada/events', count, async () => {
      await pause(2000);
      const each = (resident(gateway.pid) - before) / count / 1024;
      return [{ what: `memory per idle follower by SSE, ${figure(count)} of one account`, measured: unit(each, 'KiB'), beside: '',
        target: '≤ 12 KiB', met: each <= 12 }];
    });
  }));
}

// Through a gateway that does not have the account: what it and the one that has it use together.
async function forwarded(quick) {
  const [rounds, seconds] = quick ? [3, 0.5] : [7, 2], ends = [];
  try {
    const { node } = await cluster({ after: (end) => ends.unshift(end) });
    const owner = await node(), other = await node(), pid = [owner.child.pid, other.child.pid];
    await keep(owner);
    const rows = [];
    for (const [name, what] of [['lines', 'on a line'], ['api', '`POST /api/v1/…`']]) {
      const runs = { owner: [], other: [] };
      for (let i = 0; i < rounds; i += 1) {
        for (const [at, { port }] of Object.entries({ owner, other })) {
          const { cpu_us: cpu, per_second } = await load({ port, pid, connections: 64, seconds, ...ways[name] });
          runs[at].push({ cpu: cpu[0] + cpu[1], per_second });
        }
      }
      const middle = (at, figures) => median(runs[at].map((one) => one[figures]));
      const ratio = middle('other', 'cpu') / middle('owner', 'cpu');
      rows.push({ what: `gateways' CPU per \`${method}\` of an account of another gateway, ${what}, 64 connections kept alive`,
        measured: `${unit(middle('other', 'cpu'), 'µs')} (${figure(middle('other', 'per_second'))} a second)`,
        beside: `at its own ${unit(middle('owner', 'cpu'), 'µs')}`, ratio, target: '≤ 2', met: ratio <= 2 });
    }
    return rows;
  } finally {
    for (const end of ends) await end();
  }
}

export const rows = { 'api-calls': calls, 'sse-spread': spread, 'sse-memory': memory, forwarded };
