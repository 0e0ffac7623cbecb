// A gateway that is stopped and started again while many use it, half of them by client.js and half by
// plain lines: how soon each is back (it asks as soon as it is connected), and what became of each
// request. One that was taken has one
// reply; of the rest the connection's end says that they were not answered.
import assert from 'node:assert/strict';
import net from 'node:net';
import { WebSocket } from 'ws';
import { connect } from '../../../web/client.js';
import { Client } from './client.mjs';
import { Gateway, apart, pause } from './gateway.mjs';
import { stringify } from './json.mjs';
import { Relay } from './relay.mjs';

const nearest = { _cons: 'help.getNearestDc' };
const own = ['--api-id', '12345', '--api-hash', 'abcdef'];
const accounts = 20; // keys that the clients share

export const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// What all of them tell.
class Book {
  asked = 0;
  answered = 0;
  told = 0; // unanswered, and the connection's end says so
  late = 0; // rpc_timeout, in the gateway's own words: the machine is busy
  wrong = []; // replies that nobody waited for, answers that are none
  connected = 0;
}

// Lines, as a program in any language would write them: it comes again at once, and asks on.
class Liner {
  constructor(book, port, session, mean) {
    Object.assign(this, { book, port, session, mean, waiting: new Map(), id: 0, back: null });
  }

  start() {
    this.#dial();
    this.#ask();
    return this;
  }

  #dial() {
    if (this.over) return;
    let rest = '';
    const socket = net.connect(this.port, '127.0.0.1', () => {
      this.socket = socket;
      socket.write(`${stringify({ id: 'hello', session: this.session })}\n`);
    });
    socket.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      lines.forEach((line) => this.#heard(JSON.parse(line)));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.socket = null;
      this.book.told += this.waiting.size;
      this.waiting.clear();
      setTimeout(() => this.#dial(), 50 + Math.random() * 200);
    });
  }

  #heard(reply) {
    if (reply.id === 0) return;
    if (reply.id === 'hello' && reply.session) return this.#askOnce();
    if (!this.waiting.delete(reply.id)) return this.book.wrong.push(reply);
    if (reply.message?._cons === 'rpc_timeout') return (this.book.late += 1);
    if (reply.message?._cons !== 'nearestDc') return this.book.wrong.push(reply);
    this.book.answered += 1;
    this.back ??= performance.now();
  }

  async #ask() {
    while (!this.over) {
      await pause(Math.random() * 2 * this.mean);
      if (this.socket?.writable && !this.over) this.#askOnce();
    }
  }

  #askOnce() {
    const id = ++this.id;
    this.waiting.set(id, performance.now());
    this.book.asked += 1;
    this.socket.write(`${JSON.stringify({ id, message: nearest })}\n`);
  }

  pending() {
    return this.waiting.size;
  }

  close() {
    this.socket?.destroy();
  }
}

// client.js, which comes again by itself.
class Scripted {
  constructor(book, url, session, mean) {
    Object.assign(this, { book, url, session, mean, open: 0, back: null, reasons: [] });
  }

  async start() {
    this.client = await connect(this.url, { session: this.session, WebSocket });
    this.client.on('connection', ({ state, reason }) => {
      if (state === 'lost') this.reasons.push(reason);
      if (state === 'open') this.#askOnce();
    });
    this.#ask();
    return this;
  }

  async #ask() {
    while (!this.over) {
      await pause(Math.random() * 2 * this.mean);
      if (!this.over) this.#askOnce();
    }
  }

  #askOnce() {
    this.open += 1;
    this.book.asked += 1;
    this.#settled(this.client.call(nearest._cons)).finally(() => (this.open -= 1));
  }

  async #settled(call) {
    try {
      const answer = await call;
      if (answer._cons !== 'nearestDc') this.book.wrong.push(answer);
      this.book.answered += 1;
      this.back ??= performance.now();
    } catch (error) {
      if (error.name === 'OutcomeUnknown' && error.lost) this.book.told += 1;
      else if (error.name === 'TimeoutError') this.book.late += 1;
      else this.book.wrong.push({ name: error.name, message: error.message });
    }
  }

  pending() {
    return this.open;
  }

  close() {
    this.client.close();
  }
}

async function sessions(port) {
  const out = [];
  for (let i = 0; i < accounts; i++) {
    const client = await Client.connect(port);
    await client.call(nearest);
    out.push((await client.request({ session: {} })).session);
    client.close();
  }
  return out;
}

async function begun(count, make) {
  const all = [];
  while (all.length < count) {
    const some = Array.from({ length: Math.min(50, count - all.length) }, (_, i) => make(all.length + i).start());
    all.push(...await Promise.all(some));
  }
  return all;
}

const sum = (users) => users.reduce((all, user) => all + user.pending(), 0);

// `ms`: how long they talk before and after; `mean`: between a client's requests; `within`: how long one
// may wait for its first answer.
export async function restarted(t, { clients, restarts = 1, ms = 3000, mean = 1000, within = 5000, say = () => {} }) {
  const { sandbox, pem, gateway: seed } = await apart(t, new Relay());
  const keys = await sessions(seed.port);
  await seed.close();
  const port = await freePort();
  const start = () => Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, ...own],
    { port: `${port}` });
  let gateway = await start();
  t.after(() => gateway.close());

  const book = new Book();
  const url = (i) => (i % 4 < 2 ? `ws://127.0.0.1:${port}/ws` : `tcp://127.0.0.1:${port}`);
  const users = await begun(clients, (i) =>
    i % 2 ? new Liner(book, port, keys[i % accounts], mean) : new Scripted(book, url(i), keys[i % accounts], mean));
  t.after(() => users.forEach((user) => ((user.over = true), user.close())));
  const out = { clients, restarts: [] };
  for (let n = 1; n <= restarts; n += 1) {
    await pause(ms);
    const asked = performance.now(), before = { ...book };
    gateway.child.kill('SIGTERM');
    const { status } = await gateway.exited;
    assert.equal(status, 0, gateway.text.slice(-4000));
    const gone = performance.now();
    for (const user of users) user.back = null;
    gateway = await start();
    const there = performance.now();
    const late = () => users.filter((user) => user.back === null).length;
    while (late() > 0 && performance.now() - there < within + 20_000) await pause(20);
    assert.equal(late(), 0, `${late()} of ${clients} never came back`);
    const back = users.map((user) => user.back - there).sort((a, b) => a - b);
    const at = (part) => Math.round(back[Math.min(back.length - 1, Math.floor(part * back.length))]);
    out.restarts.push({ stopped: Math.round(gone - asked), started: Math.round(there - gone), p50: at(0.5), p99: at(0.99),
      last: at(1), told: book.told - before.told });
    say(n, out.restarts.at(-1));
  }
  await pause(ms);
  for (const user of users) user.over = true;
  for (let waited = 0; sum(users) > 0 && waited < 15_000; waited += 50) await pause(50);
  const lost = sum(users);
  const closings = [...new Set(users.flatMap(({ reasons = [] }) => reasons))];
  const { asked, answered, told, late, wrong } = book;
  return { ...out, asked, answered, told, late, lost, wrong, closings };
}
