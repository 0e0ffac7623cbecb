// Memory of an idle, authorized connection: its line, and its connection to the data centre.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { folder, pause } from '../../e2e/support/gateway.mjs';
import { mostConnections, resident, signedIn } from '../support/crowd.mjs';
import { holding } from '../support/load.mjs';
import { figure, unit } from '../support/numbers.mjs';
import { apart, gateway as start, using } from '../support/servers.mjs';

// Bytes of the gateway's RSS for each of so many connections.
export async function bytesEach(connections, options = {}, args = []) {
  const starts = { ...apart, gateway: ({ sandbox }) => start(sandbox, args) };
  return using(starts, ({ gateway }) => signedIn(gateway, connections, async (firsts) => {
    await holding({ port: gateway.port, firsts, connections: 1, ...options }, async () => {});
    await pause(500);
    const before = resident(gateway.pid);
    return holding({ port: gateway.port, firsts, connections, ...options }, async () => {
      await pause(5000); // what is acknowledged late is by then, and what is said at rest is let go
      return (resident(gateway.pid) - before) / connections;
    });
  }));
}

const kib = (bytes) => bytes / 1024;

function row(way, connections, bytes, target) {
  return [{ what: `memory per idle, authorized connection, ${way}, ${connections.toLocaleString('en-US')} of them`,
    measured: unit(kib(bytes), 'KiB'), beside: '', target: `≤ ${target} KiB`, met: kib(bytes) <= target }];
}

const count = (quick) => (quick ? 500 : mostConnections());

async function tls(quick) {
  const connections = Math.min(quick ? 500 : 2000, mostConnections());
  const scratch = folder();
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
      '-keyout', `${scratch}/key.pem`, '-out', `${scratch}/cert.pem`, '-days', '1', '-subj', '/CN=localhost'],
    { stdio: 'ignore' });
    fs.chmodSync(`${scratch}/key.pem`, 0o600);
    const plain = await bytesEach(connections);
    const secure = await bytesEach(connections, { tls: true },
      ['--tls-cert', `${scratch}/cert.pem`, '--tls-key', `${scratch}/key.pem`]);
    const more = kib(secure - plain);
    return [{ what: `memory that TLS adds to each, ${connections.toLocaleString('en-US')} of them`,
      measured: unit(more, 'KiB'), beside: `lines ${figure(kib(plain))}, lines in TLS ${unit(kib(secure), 'KiB')}`,
      target: '≤ 16 KiB', met: more <= 16 }];
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

export const rows = {
  'memory-lines': async (quick) => row('lines', count(quick), await bytesEach(count(quick)), 6.5),
  'memory-web-socket': async (quick) => row('WebSocket', count(quick), await bytesEach(count(quick), { 'web-socket': true }), 8),
  'memory-tls': tls,
};
