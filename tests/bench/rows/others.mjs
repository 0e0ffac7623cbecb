// What one client's heavy doings cost the others.
import fs from 'node:fs';
import { Client } from '../../e2e/support/client.mjs';
import { folder } from '../../e2e/support/gateway.mjs';
import { stringify } from '../../e2e/support/json.mjs';
import { resident } from '../support/crowd.mjs';
import { load } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { gateway as start, sandbox as box, using } from '../support/servers.mjs';

// What clients begin with whose data centre is that one.
export const elsewhereFirst = ({ dcs, key }) => stringify({ id: 5, message: { _cons: 'ping', ping_id: 7 },
  server: { host: '127.0.0.1', port: dcs[2], rsa: fs.readFileSync(key, 'utf8') } });

const niced = ['nice', '-n', '19'];

// The data centre of those who come for keys has to work as hard as the gateway. In life it is
// another machine; here it gets what the others leave, who have a data centre of their own.
const apartFromKeys = { sandbox: () => box([], niced), elsewhere: () => box(),
  gateway: ({ sandbox }) => start(sandbox) };

// 200 clients at a time come for a key of their own, again and again, while others ask.
async function exchanges(quick) {
  return using(apartFromKeys, async ({ gateway, elsewhere }) => {
    const others = { port: gateway.port, first: elsewhereFirst(elsewhere), connections: 16, pace: 20 };
    const comers = { port: gateway.port, first: stringify({ id: 5, timeout: 60, message: { _cons: 'ping', ping_id: 7 } }),
      connections: 200, opening: 200, most: 200, seconds: 60, 'warm-up': 0 };
    const worst = [], alone = [];
    for (let i = 0; i < (quick ? 2 : 5); ++i) {
      alone.push((await load({ ...others, seconds: 2 })).p99_us);
      let asking = true;
      const measured = load({ ...others, seconds: quick ? 3 : 5 });
      const over = () => (asking = false);
      measured.then(over, over);
      while (asking) await load(comers);
      worst.push((await measured).p99_us);
    }
    const p99 = median(worst) / 1000;
    return [{ what: 'others while 200 key exchanges run at a time: p99', measured: unit(p99, 'ms'),
      beside: `without ${unit(median(alone) / 1000, 'ms')}`, target: '≤ 5 ms', met: p99 <= 5 }];
  });
}

// Somebody whose question is answered by 15 MB of JSON: a hundred times one message full of long links.
async function heavyQuestion(gateway, scratch) {
  const client = await Client.connect(gateway.port);
  const { session: { auth_key, dc, server_salt } } = await client.signIn('9996620001');
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-_';
  const url = () => `https://example.org/${Array.from({ length: 1400 }, () => letters[Math.floor(Math.random() * letters.length)]).join('')}`;
  const entities = Array.from({ length: 100 }, (_, i) => ({ _cons: 'messageEntityTextUrl', offset: i * 2, length: 1, url: url() }));
  const sent = await client.call({ _cons: 'messages.sendMessage', peer: 'me', message: 'a '.repeat(99) + 'a', entities });
  const id = { _cons: 'inputMessageID', id: sent.id };
  const message = { _cons: 'messages.getMessages', id: Array(100).fill(id) };
  const answer = await client.request({ message, timeout: 60 }, 60_000);
  client.close();
  if (answer.message?.messages?.length !== 100) throw new Error(stringify(answer).slice(0, 300));
  fs.writeFileSync(`${scratch}/firsts`, stringify({ id: 5, session: { auth_key, dc, server_salt }, message: { _cons: 'updates.getState' } }));
  fs.writeFileSync(`${scratch}/message`, stringify(message));
  return stringify(answer).length;
}

const highest = (pid) => 1024 * Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

// The others have a data centre in a process of its own, and all share the gateway's one thread.
// Who asks for the large answer and who makes it are other machines in life; here they get what the
// others leave.
const together = { sandbox: () => box([], niced), elsewhere: () => box(),
  gateway: ({ sandbox }) => start(sandbox, ['--threads', '1']) };

async function large(quick, name, way) {
  const scratch = folder();
  try {
    return await using(together, async ({ gateway, elsewhere }) => {
      const size = await heavyQuestion(gateway, scratch);
      const others = { port: gateway.port, pace: 1, first: elsewhereFirst(elsewhere) };
      const heavy = { ...way, through: niced, port: gateway.port, firsts: `${scratch}/firsts`, message: `@${scratch}/message`, 'warm-up': 0, seconds: 30, most: 1 };
      const extra = [], worst = [], alone = [];
      for (let i = 0; i < (quick ? 3 : 9); ++i) {
        alone.push((await load({ ...others, seconds: 3 })).max_us / 1000);
        const before = resident(gateway.pid);
        fs.writeFileSync(`/proc/${gateway.pid}/clear_refs`, '5');
        const measured = load({ ...others, seconds: 3 });
        await new Promise((resolve) => setTimeout(resolve, 700));
        await load(heavy);
        extra.push(highest(gateway.pid) - before);
        worst.push((await measured).max_us / 1000);
      }
      const memory = Math.max(...extra), wait = median(worst);
      const text = `${figure(size / 1e6)} MB answer to one client, ${name}`;
      return [
        { what: `${text}: extra memory at its highest`, measured: `${figure(memory / 1e6)} MB`, beside: `its JSON text ${figure(size / 1e6)} MB`,
          ratio: memory / size, target: '≤ 1.1', met: memory <= 1.1 * size },
        { what: `${text}: longest wait of another on the thread`, measured: unit(wait, 'ms'), beside: `without ${unit(median(alone), 'ms')}`,
          target: '≤ 5 ms', met: wait <= 5 },
      ];
    });
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

export const rows = { exchanges, large: (quick) => large(quick, 'lines', {}),
  'large-web-socket': (quick) => large(quick, 'WebSocket', { 'web-socket': true }) };
