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
  const server = spawn(path.join(bin, 'postgres'), ['-D', data, '-k', dir, '-c', 'listen_addresses=', '-c', 'fsync=off'], { ...user, stdio: 'ignore', cwd: dir });
  t.after(async () => {
    server.kill('SIGQUIT');
    if (server.exitCode === null) await once(server, 'exit');
    fs.rmSync(dir, { recursive: true, force: true });
  });
  const sql = (text) => execFileSync(path.join(bin, 'psql'), ['-h', dir, '-U', 'tests', '-d', 'postgres', '-Atc', text], { stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim();
  for (let waited = 0; ; waited += 50) {
    try {
      sql('SELECT 1');
      break;
    } catch (error) {
      if (waited > 30_000) throw error;
      await pause(50);
    }
  }
  return { url: `postgresql://tests@/postgres?host=${dir}`, sql };
}
