// PostgreSQL of a test's own: clusters in temporary folders that listen on socket files there, one, or one
// that is followed by a standby. PostgreSQL refuses to run as root, so then it runs as its own user.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { pause } from './gateway.mjs';

const versions = '/usr/lib/postgresql';
const newest = fs.existsSync(versions) && fs.readdirSync(versions).filter((name) => fs.existsSync(path.join(versions, name, 'bin/initdb'))).sort().at(-1);
export const postgresHere = Boolean(newest);

function otherUser() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}

class Server {
  constructor() {
    this.user = otherUser();
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-'));
    if (this.user.uid !== undefined) fs.chownSync(this.dir, this.user.uid, this.user.gid);
    this.data = path.join(this.dir, 'data');
    this.socket = path.join(this.dir, '.s.PGSQL.5432');
  }

  #bin = (name) => path.join(versions, newest, 'bin', name);
  #run = (name, args) => promisify(execFile)(this.#bin(name), args, { ...this.user, cwd: this.dir });
  #psql = (text) => [this.#bin('psql'), ['-h', this.dir, '-U', 'tests', '-d', 'postgres', '-Atc', text]];

  make() {
    return this.#run('initdb', ['-D', this.data, '-A', 'trust', '-U', 'tests', '--no-sync', '-E', 'UTF8', '--locale=C']);
  }

  // Anew, from one that is up.
  async makeStandbyOf({ dir }) {
    fs.rmSync(this.data, { recursive: true, force: true });
    await this.#run('pg_basebackup', ['-h', dir, '-U', 'tests', '-D', this.data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync']);
    fs.appendFileSync(path.join(this.data, 'postgresql.auto.conf'), "synchronous_standby_names = ''\n");
  }

  async start() {
    const options = ['listen_addresses=', 'fsync=off', 'wal_retrieve_retry_interval=100ms'].flatMap((option) => ['-c', option]);
    this.child = spawn(this.#bin('postgres'), ['-D', this.data, '-k', this.dir, ...options], { ...this.user, stdio: 'ignore', cwd: this.dir });
    await this.until('SELECT 1', '1');
  }

  async stop(signal) {
    this.child.kill(signal);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }

  sql = (text) => execFileSync(...this.#psql(text), { stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim();
  // The same while everything else in the test goes on.
  ask = async (text) => (await promisify(execFile)(...this.#psql(text))).stdout.trim();

  async until(question, answer) {
    for (const begun = performance.now(); ; await pause(50)) {
      let got;
      try {
        got = await this.ask(question);
        if (got === answer) return;
      } catch (error) {
        got = error.message;
      }
      if (performance.now() - begun > 30_000) throw new Error(`${question}: ${got}`);
    }
  }

  // SIGINT ends its sessions and writes all down, SIGQUIT is as a crash.
  restart = async (signal = 'SIGINT', away = 0) => {
    await this.stop(signal);
    await pause(away);
    await this.start();
  };

  async close() {
    await this.stop('SIGQUIT');
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

export async function postgres(t) {
  const server = new Server();
  await server.make();
  await server.start();
  t.after(() => server.close());
  return { url: `postgresql://tests@/postgres?host=${server.dir}`, socket: server.socket, sql: server.sql, restart: server.restart };
}

// A primary and a standby that has what was committed.
class Pair {
  servers = [new Server(), new Server()];

  async start() {
    await this.servers[0].make();
    await this.servers[0].start();
    await this.#follow();
    return this;
  }

  async #follow() {
    const [primary, standby] = this.servers;
    await standby.makeStandbyOf(primary);
    await standby.start();
    await primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await primary.ask('SELECT pg_reload_conf()');
    await primary.until('SELECT sync_state FROM pg_stat_replication', 'sync');
  }

  // The primary crashes, and the standby takes its place; what was the primary follows it.
  async promote() {
    await this.servers[0].stop('SIGQUIT');
    this.servers.reverse();
    await this.servers[0].ask('SELECT pg_promote()');
    await this.#follow();
  }

  restart = (...how) => this.servers[0].restart(...how);
  ask = (text) => this.servers[0].ask(text);

  async close() {
    for (const server of this.servers) await server.close();
  }
}

// `sockets`: both, in an order that stays.
export async function postgresPair(t) {
  const pair = await new Pair().start(), dirs = pair.servers.map(({ dir }) => dir), sockets = pair.servers.map(({ socket }) => socket);
  t.after(() => pair.close());
  const url = `postgresql://tests@/postgres?host=${dirs}&target_session_attrs=read-write`;
  return { url, sockets, ask: pair.ask, restart: pair.restart, promote: () => pair.promote() };
}
