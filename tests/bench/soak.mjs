// A long run: many clients with recovery on, in pairs of an account each, through one gateway
// against a data centre that misbehaves. Counts every promise, and what the gateway's memory does.
//
//   STREAMJSON_BUILD=build node tests/bench/soak.mjs [--clients 200] [--seconds 1200] [--every 4]
//
// `every`: seconds between the messages of a client. Ends with status 1 where a promise was broken.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '../e2e/support/client.mjs';
import { Gateway, pause } from '../e2e/support/gateway.mjs';
import { stringify } from '../e2e/support/json.mjs';

const { values: given } = parseArgs({ options: { clients: { type: 'string', default: '200' },
  seconds: { type: 'string', default: '1200' }, every: { type: 'string', default: '4' } } });
const count = Number(given.clients), seconds = Number(given.seconds), every = Number(given.every) * 1000;
const time_limit = 10; // a request's, in seconds

const faults = {
  seed: 7,
  rates: { delay: { rate: 0.05, ms: [10, 300] }, drop: 0.002, duplicate: 0.01, reorder: 0.01, truncate: 0.001,
    close: 0.002, wrong_salt: 0.005, bad_seqno: 0.003, rpc_500: 0.005, rpc_503: 0.005,
    late_answer: { rate: 0.003, ms: [11000, 13000] }, unknown_constructor: 0.002, update_gap: 0.02 },
};

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
const plan = path.join(dir, 'faults.json');
fs.writeFileSync(plan, '{}');
const sandbox = await Gateway.start(['--sandbox', '--sandbox-faults', plan, '--sandbox-public-key', `${dir}/key.pem`]);
const gateway = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', `${dir}/key.pem`,
  '--api-id', '12345', '--api-hash', 'abcdef']);

async function misbehave(how) {
  fs.writeFileSync(plan, JSON.stringify(how));
  sandbox.child.kill('SIGHUP');
  await pause(500);
}

const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8'))[1]);
const broken = [];
broken.push = (one) => (console.log(`  broken: ${one}`), Array.prototype.push.call(broken, one));
const hole = Symbol('hole');
let holes = 0;
const outcomes = {};

// One of a pair. What it says is numbered; what the other says it has to hear.
class Half {
  static async come(phone, name) {
    const half = new Half();
    half.name = name;
    half.client = await Client.connect(gateway.port);
    await half.client.request({ options: { updates: 'recover' }, timeout: 60 });
    await half.client.signIn(phone, { first_name: 'Soak' });
    for (;;) {
      const { session } = await half.client.request({ session: {} });
      if (session.updates?.pts) break;
      await pause(100);
    }
    half.asked = new Map(); // id → { at, text, replies, outcome }
    half.said = new Map(); // text → the same
    half.heard = [];
    half.last = undefined;
    for (const { value, text } of half.client.received) half.take(value, text);
    half.client.received = { push: ({ value, text }) => half.take(value, text) }; // no line is kept
    half.client.ended.then(() => half.over || broken.push(`${name}: the gateway hung up`));
    return half;
  }

  take(value, text) {
    if (value.id !== 0) return this.answered(value);
    if (value.update_seq === undefined) return;
    const seq = Number(value.update_seq);
    if (this.last !== undefined && seq !== this.last + 1) broken.push(`${this.name}: update ${seq} after ${this.last}`);
    this.last = seq;
    // Told, but not readable: whatever was in it is missing from here on.
    if (value.message._cons === '_unknown' || /TooLong/.test(text)) {
      this.heard.push(hole);
      holes += 1;
    }
    for (const u of value.message.updates ?? []) {
      if (u._cons === 'updateNewMessage' && u.message.message) this.hear(u.message.message);
    }
  }

  hear(text) {
    this.heard.push(text);
    // What it said itself it hears only where a reply was late.
    const mine = this.said.get(text);
    if (mine?.good) broken.push(`${this.name}: "${text}" is told in its reply and again`);
  }

  answered(value) {
    const asked = this.asked.get(value.id);
    if (!asked) return;
    if (++asked.replies > 1) broken.push(`${this.name}: a second reply to ${value.id}`);
    const took = Date.now() - asked.at;
    if (took > time_limit * 1000 + 2000) broken.push(`${this.name}: ${value.id} took ${took} ms`);
    const what = value.error ?? value.message?.error_message ?? value.message?._cons ?? 'nothing';
    asked.outcome = what;
    asked.good = what === 'updateShortSentMessage' || what === 'updates';
    asked.resolve?.(value);
    const kind = what.replace(/\d+\.\d+/, (seconds) => Math.round(seconds));
    outcomes[kind] = (outcomes[kind] ?? 0) + 1;
  }

  ask(message, text) {
    const id = `${this.name}-${this.asked.size}`;
    return new Promise((resolve) => {
      const asked = { at: Date.now(), text, replies: 0, resolve };
      this.asked.set(id, asked);
      if (text) this.said.set(text, asked);
      this.client.send({ id, timeout: time_limit, message });
    });
  }

  async live(until) {
    await pause(Math.random() * every);
    for (let i = 0; Date.now() < until; ++i) {
      const text = `${this.name} ${i}`;
      this.ask({ _cons: 'messages.sendMessage', peer: 'me', message: text }, text);
      if (i % 3 === 0) this.ask({ _cons: 'users.getUsers', id: [{ _cons: 'inputUserSelf' }] });
      await pause(every * (0.5 + Math.random()));
    }
  }

  // Everything that was said in this account, in order.
  async history() {
    const all = [];
    for (let before = 0; ;) {
      const reply = await this.ask({ _cons: 'messages.getHistory', peer: 'me', limit: 100, offset_id: before });
      if (!reply.message?.messages) throw new Error(stringify(reply).slice(0, 300));
      all.push(...reply.message.messages);
      if (reply.message.messages.length < 100) return all.map((m) => m.message).filter(Boolean).reverse();
      before = Number(all.at(-1).id);
    }
  }
}

const phone = (pair) => `999662${String(3000 + pair)}`;
const halves = [];
for (let i = 0; i < count; ++i) halves.push(await Half.come(phone(i >> 1), `${i >> 1}${i % 2 ? 'b' : 'a'}`));
console.log(`${count} clients signed in; the gateway has ${rss()} KiB`);

await misbehave(faults);
const begun = Date.now();
const measured = [];
const watch = setInterval(() => {
  measured.push({ seconds: Math.round((Date.now() - begun) / 1000), rss: rss() });
  const { seconds: at, rss: now } = measured.at(-1);
  if (at % 60 === 0) console.log(`${at} s: ${now} KiB, ${Object.values(outcomes).reduce((a, b) => a + b, 0)} replies, ${broken.length} broken`);
}, 1000);
await Promise.all(halves.map((half) => half.live(begun + seconds * 1000)));
const atEnd = rss();
clearInterval(watch);
await misbehave({});
await pause((time_limit + 5) * 1000); // what is under way ends
// A last word, by which everybody sees what he missed.
for (const half of halves) await half.ask({ _cons: 'messages.sendMessage', peer: 'me', message: `${half.name} bye` }, `${half.name} bye`);
await pause(10_000);

// What was heard is what was said, in its order, but for what was in a hole that was told.
function compare(name, got, wanted) {
  let next = 0, missing = false;
  for (const text of got) {
    if (text === hole) {
      missing = true;
      continue;
    }
    const at = missing ? Math.max(wanted.indexOf(text, next), next) : next;
    if (wanted[at] !== text) return void broken.push(`${name} heard "${text}" for "${wanted[at]}"`);
    if (at > next) missing = false;
    skipped += at - next;
    next = at + 1;
  }
  if (missing) skipped += wanted.length - next;
  else if (next < wanted.length) broken.push(`${name} did not hear "${wanted[next]}" and what came then`);
}

let said = 0, heard = 0, own = 0, skipped = 0, unknown = 0;
for (let i = 0; i < count; i += 2) {
  const pair = [halves[i], halves[i + 1]];
  const mine = [...pair[0].asked.values(), ...pair[1].asked.values()].filter(({ text }) => text);
  const history = await pair[0].history();
  const times = new Map();
  for (const text of history) times.set(text, (times.get(text) ?? 0) + 1);
  for (const { text, replies, good } of mine) {
    const done = times.get(text) ?? 0;
    if (replies !== 1) broken.push(`"${text}" has ${replies} replies`);
    if (done > 1) broken.push(`"${text}" was said ${done} times`);
    if (good && done !== 1) broken.push(`"${text}" was not said`);
    if (!good) unknown += 1;
  }
  said += history.length;
  for (const [one, other] of [pair, [...pair].reverse()]) {
    const wanted = history.filter((text) => text.startsWith(`${other.name} `));
    const got = one.heard.filter((text) => text === hole || text.startsWith(`${other.name} `));
    compare(one.name, got, wanted);
    heard += got.filter((text) => text !== hole).length;
    own += one.heard.filter((text) => text !== hole && text.startsWith(`${one.name} `)).length;
  }
}

const early = measured.find(({ seconds: at }) => at >= 120) ?? measured[0];
console.log(`replies: ${stringify(outcomes)}`);
console.log(`${said} messages were carried out, ${heard} updates of them heard, ${own} of their own, ${holes} holes told with ${skipped} in them, ${unknown} messages without a good answer`);
console.log(`resident memory of the gateway: ${early.rss} KiB after ${early.seconds} s, ${atEnd} KiB after ${seconds} s, ` +
  `${atEnd - early.rss} KiB more`);
console.log(`broken promises: ${broken.length}`);
for (const half of halves) {
  half.over = true;
  half.client.close();
}
await gateway.stop();
await sandbox.stop();
process.exit(broken.length ? 1 : 0);
