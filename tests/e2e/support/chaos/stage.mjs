// Several gateways on one PostgreSQL that has a standby, a sandbox as their Telegram, and every wire between
// them in the hands of the test: to the database, to Telegram, and to one another. HAProxy in front, where it is.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { haproxyOver } from '../front_proxies.mjs';
import { Gateway, folder, patience, pause, streamjson, top } from '../gateway.mjs';
import { postgresPair } from '../postgres.mjs';
import { freePort } from '../proxies.mjs';
import { Keys } from './keys.mjs';
import { Cable, Wire } from './wire.mjs';

const haproxyHere = fs.existsSync('/usr/sbin/haproxy');

class Node {
  logs = []; // of each process
  asleep = false;
  woken = -Infinity;

  constructor(stage, number) {
    Object.assign(this, { stage, number });
  }

  async made() {
    const { dir, sandbox, database, keys } = this.stage;
    this.port = await freePort();
    const dirs = database.sockets.map(() => fs.mkdtempSync(path.join(dir, 'pg')));
    this.toStore = new Cable(await Promise.all(database.sockets.map((socket, i) =>
      new Wire({ path: socket }).listen({ path: path.join(dirs[i], path.basename(socket)) }))));
    this.toTelegram = await new Wire({ port: sandbox.dcs[2], host: '127.0.0.1' }, () => keys.tap(this)).listen();
    this.toOthers = await new Wire({ port: this.port, host: '127.0.0.1' }).listen();
    this.url = `https://localhost:${this.toOthers.port}`;
    this.args = ['--server', `127.0.0.1:${this.toTelegram.port}`, '--node-url', this.url,
      '--store', `postgresql://tests@/postgres?host=${dirs}&target_session_attrs=read-write`, ...this.stage.args];
    return this;
  }

  async start() {
    for (let tries = 1; ; tries += 1) {
      try {
        this.gateway = await Gateway.start(this.args, { port: `${this.port}` });
        break;
      } catch (error) {  // somebody else may have the port at this moment
        if (tries === 5) throw error;
        await pause(500);
      }
    }
    const { gateway } = this;
    this.logs.push(gateway);
    this.leaving = false;
    gateway.exited.then(({ status, signal }) => {
      const well = this.leaving === 'SIGKILL' ? signal === 'SIGKILL' : this.leaving && status === 0;
      if (!well) this.stage.book.fault(`node ${this.number} ended with ${status ?? signal}:\n${gateway.text.slice(-900)}`);
    });
  }

  async end(signal) {
    this.leaving = signal;
    this.gateway.child.kill(signal);
    await this.gateway.exited;
  }

  async sleep(ms) {
    this.asleep = true;
    this.gateway.child.kill('SIGSTOP');
    await pause(ms);
    this.gateway.child.kill('SIGCONT');
    this.asleep = false;
    this.woken = performance.now();
  }

  // Whether it can be held to what it has open.
  counts() {
    return !this.asleep && performance.now() - this.woken > 1000 * patience;
  }

  close() {
    for (const wire of [this.toStore, this.toTelegram, this.toOthers]) wire.close();
  }
}

export class Stage {
  static async build(t, { ttl, count, book }) {
    const stage = new Stage(), dir = folder(t), file = (name) => path.join(dir, name);
    fs.writeFileSync(file('key'), crypto.randomBytes(32), { mode: 0o600 });
    execFileSync(path.join(top, 'certs/make-local'), ['--dir', dir], { stdio: 'pipe' });
    const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', file('key.pem')]);
    t.after(() => sandbox.close());
    const database = await postgresPair(t);
    const args = ['--rsa', file('key.pem'), '--store-key', file('key'), '--lease-ttl', `${ttl}ms`, '--tls-cert', file('server.pem'),
      '--tls-key', file('server.key'), '--node-ca', file('ca.pem'), '--allow-webhook', '127.0.0.1', '--threads', '2',
      '--api-id', '12345', '--api-hash', 'abcdef'];
    Object.assign(stage, { dir, sandbox, database, args, book, ttl, keys: new Keys(book, (node) => node.counts(), 1000 * patience) });
    stage.nodes = await Promise.all(Array.from({ length: count }, (_, i) => new Node(stage, i).made()));
    t.after(() => stage.nodes.forEach((node) => node.close()));
    for (const node of stage.nodes) await node.start();
    t.after(() => Promise.all(stage.nodes.map((node) => node.end('SIGTERM'))));
    if (haproxyHere) stage.front = await haproxyOver(t, stage.nodes.map(({ port }) => port));
    return stage;
  }

  // Which of its accounts each node has at this moment, by its URL.
  async owned({ url }) {
    const rows = await this.database.ask(`SELECT account FROM leases WHERE url = '${url}' AND expires > extract(epoch FROM clock_timestamp()) * 1000`);
    return rows.split('\n').filter(Boolean);
  }

  // What the tool says of the logs in the store.
  check() {
    return execFileSync(streamjson, ['store', 'check', '--store', this.database.url, '--store-key', path.join(this.dir, 'key')]).toString();
  }

  text() {
    return this.nodes.flatMap(({ logs }) => logs.map(({ text }) => text)).join('') + this.sandbox.text;
  }
}
