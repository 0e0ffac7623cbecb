// Several gateways, many accounts and clients on all ways in, and one thing after another that goes
// wrong: what each client has at the end is to be what there was, once and in order.
import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Book, Reader } from './chaos/book.mjs';
import { Call, Post } from './chaos/callers.mjs';
import { faults, randomness } from './chaos/faults.mjs';
import { Events, Poll, receiver } from './chaos/listeners.mjs';
import { Stage } from './chaos/stage.mjs';
import { Line, Socket } from './chaos/talkers.mjs';
import { patience, pause } from './gateway.mjs';
import { api, until } from './named.mjs';

const ways = [Line, Socket, Call, Post, Events, Poll];

// A busy machine may lose a lease in the middle of it: then from the start.
async function signedIn(node, account, phone) {
  const step = (body) => api(node, `/${account}/signin`, { body });
  for (let tries = 1; ; tries += 1) {
    const steps = [await step({ phone }), await step({ code: '22222' })];
    if (steps[1].result?.state === 'sign_up') steps.push(await step({ first_name: account, last_name: 'Chaos' }));
    if (steps.at(-1).result?.state === 'done') return;
    if (tries === 5) throw new Error(`${account} could not be signed in to: ${JSON.stringify(steps)}`);
    await pause(1000);
  }
}

async function accountsMade(stage, names) {
  const rest = [...names.entries()];
  const some = async () => {
    for (let next; (next = rest.shift());) {
      const [i, name] = next;
      await signedIn(stage.nodes[i % stage.nodes.length], name, `999662${String(1000 + i)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, some));
}

// Each fourth account has a webhook.
async function hooksPut(t, stage, names) {
  const hooks = await receiver(t, stage.book);
  for (const [i, name] of names.entries()) {
    if (i % 4) continue;
    const { result } = await api(stage.nodes[i % stage.nodes.length], `/${name}/webhooks/chaos`, { method: 'PUT', body: { url: hooks.url } });
    hooks.put(name, result.delivered);
  }
  return hooks;
}

function clientsOf(world, names, count) {
  return Array.from({ length: count }, (_, i) => {
    const Way = ways[(i + Math.floor(i / names.length)) % ways.length];
    return new Way(world, names[i % names.length], i).start();
  });
}

// The whole log of an account, as that node tells it. A kept connection may end just when it is used.
async function readLog(book, node, account) {
  const reader = new Reader(book, account, `the log at node ${node.number}`);
  for (let tries = 1; ;) {
    const { ok, result, ...why } = await api(node, `/${account}/updates?limit=1000&after=${reader.last}`).catch(({ cause }) => ({ cause }));
    if (!ok) {
      if (tries++ < 3) continue;
      book.fault(`${reader.who} could not be read: ${JSON.stringify(why)}`);
      return;
    }
    if (!result.length) return;
    result.forEach((item) => reader.take(item));
  }
}

async function readLogs(book, nodes, names) {
  const rest = names.flatMap((name) => nodes.map((node) => [node, name]));
  const some = async () => {
    for (let next; (next = rest.shift());) await readLog(book, ...next);
  };
  await Promise.all(Array.from({ length: 8 }, some));
}

function checkSaid(book, account) {
  const { said, log } = book.account(account), counts = new Map();
  for (const text of log.slice(1).flatMap((entry) => entry?.texts ?? [])) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const [text, answered] of said) {
    const n = counts.get(text) ?? 0;
    if (!answered) book.fault(`${text}: it was never known to be said`);
    if (n > 1 || (answered && n === 0)) book.fault(`${text}: ${n} times in the log`);
  }
}

async function ended(world, stage, names, clients, hooks) {
  const { book } = world;
  world.over = true;
  const talking = new Set(clients.filter(({ talked }) => talked));
  for (const client of talking) client.talked.then(() => talking.delete(client));
  await until(() => talking.size === 0, 'all is said', 60_000 * patience).catch(() => {});
  for (const client of talking) book.fault(`${client.who ?? client.reader.who} at port ${client.way} could not end what it asked`);
  await readLogs(book, stage.nodes, names);
  const readers = [...clients.map(({ reader }) => reader), ...hooks.readers.values()].filter(Boolean);
  const behind = () => readers.filter(({ last, of }) => last < of.log.length - 1);
  const caughtUp = async () => {
    await Promise.all(clients.map((client) => client.catchUp?.()));
    return behind().length === 0;
  };
  await until(caughtUp, 'all have heard all', 45_000 * patience).catch(() => {});
  for (const { who, last, of } of behind()) book.fault(`${who} heard up to ${last} of ${of.log.length - 1}`);
  world.closing = true;
  for (const client of clients) client.close?.();
  for (const name of names) checkSaid(book, name);
  try {
    stage.check();
  } catch (error) {
    book.fault(`store check: ${error.stdout}${error.stderr}`);
  }
  const seen = stage.text().split('\n').filter((line) => line.includes('AUTH_KEY_DUPLICATED'));
  if (seen.length) book.fault(`in a log: ${seen[0]}`);
  if (stage.keys.known.size < names.length) book.fault(`only ${stage.keys.known.size} keys were seen`);
}

function figures(stage, book, names, clients) {
  const at = (all, part) => Math.round([...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(part * all.length))] ?? 0);
  const sum = (of) => names.reduce((all, name) => all + of(book.account(name)), 0);
  return { accounts: names.length, clients: clients.length, asked: book.asked, outcomes: Object.fromEntries(book.outcomes),
    away: Object.fromEntries(book.away), said: sum(({ said }) => said.size), updates: sum(({ log }) => log.length - 1),
    heard: book.heard, repeats: book.repeats, links: stage.keys.most, late: stage.keys.late, changes: stage.keys.changes, happened: stage.number,
    failovers: stage.failovers.length, p50: at(stage.failovers, 0.5), p99: at(stage.failovers, 0.99) };
}

// `mean`: between the calls of a client, in ms. `stood`: for so long the test itself had no turn, and the
// wires in its hands with it. `logs`: a folder for what the gateways said.
export async function chaos(t, { minutes, seed, accounts, clients: count, ttl, mean, say = () => {}, only, logs }) {
  const book = new Book(say), stage = await Stage.build(t, { ttl, count: 3, book });
  Object.assign(stage, { number: 0, failovers: [] });
  const names = Array.from({ length: accounts }, (_, i) => `a${i}`), random = randomness(seed + 1);
  await accountsMade(stage, names);
  const hooks = await hooksPut(t, stage, names);
  const way = () => (stage.front && random() < 0.67 ? stage.front : stage.nodes[Math.floor(random() * stage.nodes.length)].port);
  const world = { book, random, mean, way, late: ttl + 30_000 * patience, over: false, closing: false };
  const clients = clientsOf(world, names, count);
  say(`${names.length} accounts, ${count} clients, ${stage.front ? 'HAProxy in front' : 'no HAProxy'}, seed ${seed}`);
  const still = monitorEventLoopDelay({ resolution: 20 });
  still.enable();
  const until_ = performance.now() + minutes * 60_000;
  await pause(2000);
  await faults(stage, randomness(seed), () => performance.now() > until_, say, only);
  const stood = Math.round(still.max / 1e6);
  await ended(world, stage, names, clients, hooks);
  const out = { ...figures(stage, book, names, clients), stood, faults: book.faults };
  const answered = [...book.outcomes.values()].reduce((a, b) => a + b, 0);
  if (answered !== book.asked) book.fault(`${book.asked} requests, ${answered} outcomes`);
  if (logs) for (const node of stage.nodes) fs.writeFileSync(path.join(logs, `node${node.number}.log`), node.logs.map(({ text }) => text).join('\n=====\n'));
  return out;
}
