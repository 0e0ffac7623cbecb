// What is measured, each in a process of its own: a sandbox, a gateway that reaches it, the floor.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Gateway, build, folder } from '../../e2e/support/gateway.mjs';

export const binary = (name) => path.join(build, 'tests/bench', name);
const api = ['--scheme', path.join(build, 'scheme/api.tl')];

export async function sandbox(args = [], through = []) {
  const scratch = folder();
  const started = await Gateway.start(['--sandbox', ...api, '--log-level', 'warn',
    '--sandbox-public-key', `${scratch}/key.pem`, ...args], { through });
  return { key: `${scratch}/key.pem`, pid: started.child.pid, dcs: started.dcs, async close() {
    await started.close();
    fs.rmSync(scratch, { recursive: true, force: true });
  } };
}

export async function gateway(box, args = []) {
  const started = await Gateway.start(['--server', `127.0.0.1:${box.dcs[2]}`, '--rsa', box.key, ...api,
    '--api-id', '12345', '--api-hash', 'abcdef', '--log-level', 'warn', ...args]);
  return { pid: started.child.pid, port: started.port, close: () => started.close() };
}

// A program that says on which port it listens.
export async function listening(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('error', reject).once('exit', () => reject(new Error(`${program} ended`)));
  });
  return { pid: child.pid, port: Number(said), close: async () => void child.kill() };
}

export const floor = (args = []) => listening(binary('floor-server'), args);
export const relay = (to) => listening(binary('relay'), [`${to.port}`]);

// Starts them in turn, gives them to `body`, ends them whatever happens.
export async function using(starts, body) {
  const running = {};
  try {
    for (const [name, start] of Object.entries(starts)) running[name] = await start(running);
    return await body(running);
  } finally {
    for (const one of Object.values(running).reverse()) await one.close();
  }
}

export const apart = { sandbox: () => sandbox(), gateway: ({ sandbox: box }) => gateway(box) };
