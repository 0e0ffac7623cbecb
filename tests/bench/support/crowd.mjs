// People by the thousand: each has a key, since those who bring the same one share a session.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from '../../e2e/support/client.mjs';
import { folder } from '../../e2e/support/gateway.mjs';
import { stringify } from '../../e2e/support/json.mjs';

const atOnce = 8; // sign in at a time
const people = 200; // one has several keys

// As many connections as a gateway has files for: two each, and some for itself.
export function mostConnections() {
  const files = Number(execFileSync('bash', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || 1 << 20;
  return Math.floor((Math.min(files, 1 << 20) - 200) / 200) * 100;
}

const state = { _cons: 'updates.getState' };

// A file with what connections begin with: a session of somebody who is signed in, and a question,
// by default one that only such a one gets an answer to.
export async function signedIn(gateway, connections, body, message = state) {
  const lines = [];
  let begun = 0;
  const signIn = async () => {
    for (let i; (i = begun++) < connections;) {
      const client = await Client.connect(gateway.port);
      const { session } = await client.signIn(`9996621${String(1000 + (i % people)).slice(1)}`, { first_name: 'Crowd' });
      client.close();
      const { auth_key, dc, server_salt, api_id } = session;
      lines.push(stringify({ id: 5, session: { auth_key, dc, server_salt, api_id }, message }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, signIn));
  const scratch = folder();
  fs.writeFileSync(path.join(scratch, 'firsts'), `${lines.join('\n')}\n`, { mode: 0o600 });
  try {
    return await body(path.join(scratch, 'firsts'));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

// Resident memory in bytes.
export const resident = (pid) => 1024 *
  Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
