// A PostgreSQL of a test's own: a cluster in a temporary folder that listens on a socket file there.
// PostgreSQL refuses to run as root, so then it runs as its own user.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pause } from './gateway.mjs';

const versions = '/usr/lib/postgresql';
const newest = fs.existsSync(versions) && fs.readdirSync(versions).filter((name) => fs.existsSync(path.join(versions, name, 'bin/initdb'))).sort().at(-1);
export const postgresHere = Boolean(newest);

function otherUser() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}

export async function postgres(t) {
  const bin = path.join(versions, newest, 'bin'), user = otherUser();
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pg-'));
  if (user.uid !== undefined) fs.chownSync(dir, user.uid, user.gid);
  const data = path.join(dir, 'data');
  execFileSync(path.join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'tests', '--no-sync', '-E', 'UTF8', '--locale=C'], { ...user, stdio: 'ignore', cwd: dir });
  const started = () => spawn(path.join(bin, 'postgres'), ['-D', data, '-k', dir, '-c', 'listen_addresses=', '-c', 'fsync=off'], { ...user, stdio: 'ignore', cwd: dir });
  let server = started();
  const stopped = async (signal) => {
    server.kill(signal);
    if (server.exitCode === null) await once(server, 'exit');
  };
  t.after(async () => {
    await stopped('SIGQUIT');
    fs.rmSync(dir, { recursive: true, force: true });
  });
  const sql = (text) => execFileSync(path.join(bin, 'psql'), ['-h', dir, '-U', 'tests', '-d', 'postgres', '-Atc', text], { stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim();
  const ready = async () => {
    for (let waited = 0; ; waited += 50) {
      try {
        return sql('SELECT 1');
      } catch (error) {
        if (waited > 30_000) throw error;
        await pause(50);
      }
    }
  };
  await ready();
  // SIGINT ends its sessions and writes all down, SIGQUIT is as a crash.
  const restart = async (signal = 'SIGINT', away = 0) => {
    await stopped(signal);
    await pause(away);
    server = started();
    await ready();
  };
  return { url: `postgresql://tests@/postgres?host=${dir}`, socket: path.join(dir, '.s.PGSQL.5432'), sql, restart };
}
