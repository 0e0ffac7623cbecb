// What one attack is carried out on: a gateway of its own, a data centre in another process, a
// client that means well, and a watch over the gateway's memory.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Client } from '../../e2e/support/client.mjs';
import { Gateway, build, folder, patience, pause, top } from '../../e2e/support/gateway.mjs';
import { metrics } from '../../e2e/support/wire.mjs';
import { Attacker } from './attacker.mjs';
import { Watch, worked } from './resident.mjs';

export const bound = 1.25; // of size at start + limit
const hopeless = 3;        // what goes so far beyond is not let go any further
const quiet = 1500;        // ms without a byte moved or work done: the attack is stuck
const settled = 500;       // the same, where all was sent: it is taken in
const step = 50;           // ms between two looks
const ticks = 5;           // of work, 10 ms each, that may be the pings'
const ping = { timeout: 60, message: { _cons: 'ping', ping_id: 1 } };

// The world around a gateway: data centres that answer, one that never does, a certificate. What is
// asked of it by these names has its answer late or as a bomb.
export const late = 'help.getNearestDc';
export const bomb = 'help.getCdnConfig';

export class World {
  sandboxes = [];

  static async start() {
    const world = new World();
    world.dir = folder();
    const faults = path.join(world.dir, 'faults.json');
    fs.writeFileSync(faults, JSON.stringify({ rules: [{ method: late, delay_ms: 600_000 }, { method: bomb, gzip_bomb: true }] }));
    world.sandbox = await world.more('key.pem', ['--sandbox-faults', faults]);
    execFileSync(path.join(top, 'certs/make-local'), ['--dir', world.dir], { stdio: 'ignore' });
    world.ca = fs.readFileSync(path.join(world.dir, 'ca.pem'));
    world.silent = await listener((socket) => socket.resume());
    return world;
  }

  // One more process of data centres.
  async more(name, args = []) {
    const key = path.join(this.dir, name);
    const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', key, '--log-level', 'warn', '--max-memory', '8G', ...args]);
    this.sandboxes.push(sandbox);
    return Object.assign(sandbox, { key });
  }

  // As `server` of a connection.
  elsewhere(port, key = this.sandbox.key) {
    return { host: '127.0.0.1', port, rsa: fs.readFileSync(key, 'utf8') };
  }

  async close() {
    this.silent?.close();
    for (const sandbox of this.sandboxes) await sandbox.close();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

export async function listener(body) {
  const server = net.createServer((socket) => body(socket.on('error', () => {})));
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, close() {
    for (const socket of sockets) socket.destroy();
    server.close();
  } };
}

// For how many ms neither a byte was moved nor gateway or data centre worked, but for the pings.
// What this process itself slept through is not counted.
class Rest {
  lasts = 0;

  constructor(stage) {
    this.stage = stage;
    this.seen = Date.now();
  }

  see() {
    const moved = this.stage.attackers.reduce((sum, one) => sum + one.moved, 0);
    const { gateway, world } = this.stage;
    const work = [gateway, ...world.sandboxes].reduce((sum, { child }) => sum + worked(child.pid), 0), now = Date.now();
    const still = moved === this.moved && work - this.work < ticks;
    this.lasts = still ? this.lasts + Math.min(now - this.seen, 2 * step) : 0;
    this.seen = now;
    if (!still) Object.assign(this, { moved, work });
  }
}

export class Stage {
  attackers = [];
  released = new Set(); // who waits for a socket to take more
  enough = false;       // nothing more is sent
  ending = [];          // what else is to be ended

  static async start(world, limit, args = []) {
    const stage = new Stage();
    stage.world = world;
    stage.limit = limit;
    stage.gateway = await Gateway.start(['--server', `127.0.0.1:${world.sandbox.dcs[2]}`, '--rsa', world.sandbox.key,
      '--scheme', path.join(build, 'scheme/api.tl'), '--api-id', '12345', '--api-hash', 'abcdef', '--log-level', 'error',
      '--max-memory', String(limit), '--rpc-timeout', '10m', '--connect-timeout', '10m', ...args]);
    try {
      stage.honest = await Client.connect(stage.gateway.port);
      await stage.honest.request(ping);
      await pause(100);
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  open(options) {
    return Attacker.open(this, options);
  }

  // How many of `each` bytes are three times the limit.
  count(each) {
    return Math.ceil((3 * this.limit) / each);
  }

  // Runs `attack` until it is through, or stuck, or has shown enough; gives the row of the table.
  async run(attack, ms) {
    this.watch = new Watch(this.gateway.child.pid);
    const alive = setInterval(() => this.attackers.forEach((one) => one.stayAlive()), 15_000);
    this.ending.push({ close: () => clearInterval(alive) });
    const allowed = bound * (this.watch.start + this.limit);
    const honesty = this.#askOnAndOn();
    let through = false;
    const carried = attack(this).then(() => (through = true));
    carried.catch(() => {});
    const until = Date.now() + ms;
    for (const rest = new Rest(this); rest.lasts < (through ? settled : quiet) && Date.now() < until; await pause(step)) {
      if (this.watch.see() > hopeless * allowed || this.gateway.child.exitCode !== null) break;
      rest.see();
    }
    if (through) await carried;
    this.enough = true;
    for (const done of this.released) done();
    const { start } = this.watch, peak = this.watch.stop();
    await this.#listenIn();
    const faults = [];
    if (Date.now() >= until) faults.push(`not through in ${ms} ms`);
    if (peak > allowed) faults.push('memory');
    const lost = this.attackers.filter((one) => one.over && !one.mortal).length;
    if (lost) faults.push(`hung up on ${lost}`);
    this.#end();
    await carried.catch((error) => faults.push(error.message));
    const asked = await honesty;
    if (asked.failed) faults.push(`others: ${asked.failed}`);
    const after = await this.#stillServes();
    if (after) faults.push(after);
    return { start, peak, limit: this.limit, ratio: peak / (start + this.limit), meter: this.meter, refused: this.#refusals(),
      busy: asked.busy, pings: asked.answered, faults };
  }

  // Those who did not read do so now: what they were told counts.
  async #listenIn() {
    for (const one of this.attackers) one.read();
    await pause(300);
  }

  // A client that means well gets its answer or Busy, all the time.
  async #askOnAndOn() {
    const asked = { answered: 0, busy: 0 };
    this.meter = 0;
    while (!this.enough) {
      try {
        const reply = await this.honest.request(ping, 30_000 * patience);
        if (reply.error === 'Busy') asked.busy += 1;
        else if (reply.message?._cons === 'pong') asked.answered += 1;
        else asked.failed = JSON.stringify(reply).slice(0, 200);
        const seen = await metrics(this.gateway.port);
        this.meter = Math.max(this.meter, seen.get('streamjson_memory_bytes'));
      } catch (error) {
        asked.failed = error.message.split('\n')[0].slice(0, 200);
        break;
      }
      await pause(100);
    }
    return asked;
  }

  #refusals() {
    const all = {};
    for (const { errors } of this.attackers) {
      for (const [name, n] of Object.entries(errors)) all[name] = (all[name] ?? 0) + n;
    }
    return all;
  }

  #end() {
    for (const one of this.attackers) one.close();
    for (const one of this.ending) one.close();
  }

  // With the attackers gone both an old and a new connection are served; says what is wrong.
  async #stillServes() {
    if (this.gateway.child.exitCode !== null || this.gateway.child.signalCode !== null) return 'the gateway died';
    try {
      const fresh = await Client.connect(this.gateway.port);
      for (const client of [this.honest, fresh]) {
        let reply;
        for (let waited = 0; waited < 15_000 * patience; waited += 100) {
          reply = await client.request(ping, 30_000 * patience);
          if (reply.error !== 'Busy') break;
          await pause(100);
        }
        if (reply.message?._cons !== 'pong') return `after it: ${JSON.stringify(reply).slice(0, 200)}`;
      }
      fresh.close();
    } catch (error) {
      return `after it: ${error.message.split('\n')[0]}`;
    }
    return undefined;
  }

  async close() {
    this.#end();
    this.honest?.close();
    await this.gateway.close();
  }
}

// One attack under one limit, in a world of its own: what one leaves to be done must not slow the next.
export async function attack({ run, args, prepare }, limit, ms = 300_000) {
  const world = await World.start();
  try {
    const prepared = await prepare?.(world);
    const stage = await Stage.start(world, limit, args?.(world) ?? []);
    try {
      return await stage.run((on) => run(on, prepared), ms);
    } finally {
      await stage.close();
    }
  } finally {
    await world.close();
  }
}
