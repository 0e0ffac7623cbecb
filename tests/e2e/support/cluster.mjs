// Several gateways on one PostgreSQL, and a sandbox as their Telegram.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Gateway, folder, patience, run, streamjson, top } from './gateway.mjs';
import { api, texts, until } from './named.mjs';
import { postgres } from './postgres.mjs';
import { freePort } from './proxies.mjs';

// A pause of a busy machine must not lose one.
export const ttl = 2_000 * patience;

// What starts a gateway: `node({reached: false})` is one that others are not told where to reach.
export async function cluster(t, sandboxArgs = []) {
  const dir = folder(t), pem = path.join(dir, 'key.pem'), key = path.join(dir, 'key');
  fs.writeFileSync(key, crypto.randomBytes(32), { mode: 0o600 });
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', dir], { stdio: 'pipe' });
  const file = (name) => path.join(dir, name);
  const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', pem, ...sandboxArgs]);
  t.after(() => sandbox.close());
  const { url, sql } = await postgres(t);
  const store = ['--store', url, '--store-key', key];
  const tls = ['--tls-cert', file('server.pem'), '--tls-key', file('server.key'), '--node-ca', file('ca.pem')];
  const node = async ({ reached = true, more = [] } = {}) => {
    const port = String(await freePort());
    const at = reached ? ['--node-url', `https://localhost:${port}`, ...tls] : [];
    const gateway = await Gateway.start(['--server', `127.0.0.1:${sandbox.dcs[2]}`, '--rsa', pem, ...store, '--lease-ttl', `${ttl}ms`,
      '--allow-webhook', '127.0.0.1', '--threads', '2', '--api-id', '12345', '--api-hash', 'abcdef', ...at, ...more], { port });
    gateway.url = `https://localhost:${port}`;
    t.after(() => {
      if (gateway.child.signalCode === 'SIGKILL') return undefined;
      gateway.child.kill('SIGCONT');
      return gateway.close();
    });
    return gateway;
  };
  const status = async () => (await run(streamjson, ['cluster', 'status', ...store])).stdout;
  return { node, sql, status, store, sandbox, dir };
}

export const me = { message: { _cons: 'users.getUsers', id: ['me'] } };
export const answers = async (gateway) => (await api(gateway, '/ada/users.getUsers', { body: { id: ['me'] } })).ok === true;
export const metric = async ({ port }, name) =>
  Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())?.[1]);
export const log = async (gateway) => (await api(gateway, '/ada/updates?limit=1000&after=0')).result;

export async function checkLog(gateway, said) {
  await until(async () => (await log(gateway))?.flatMap(texts).filter((text) => text.startsWith('said ')).length >= said.length, 'all updates');
  const items = await log(gateway);
  if (JSON.stringify(items.flatMap(texts).filter((text) => text.startsWith('said '))) !== JSON.stringify(said)) throw new Error('another log');
  if (items.some(({ update_seq: n }, i) => n !== i + 1)) throw new Error('a log with holes');
}
