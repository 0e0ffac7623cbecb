// Starts streamjson on ports of its own and reads from its banner which ones.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
export const build = process.env.STREAMJSON_BUILD ?? path.join(top, 'build');
export const streamjson = path.join(build, 'streamjson');
export const signinCli = path.join(build, 'signin-cli');

// How many times longer than usual things may take: sanitizers, slow machines.
export const patience = Number(process.env.STREAMJSON_PATIENCE ?? (build.includes('sanitize') ? 4 : 2));
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function folder(t) {
  const name = fs.mkdtempSync(path.join(os.tmpdir(), 'streamjson-'));
  t?.after(() => fs.rmSync(name, { recursive: true, force: true }));
  return name;
}

// The environment without what the user may have set for streamjson.
export function environment(more = {}) {
  const own = Object.entries(process.env)
    .filter(([name]) => !/^(STREAMJSON|TELEGRAM)_/.test(name));
  return { ...Object.fromEntries(own), ...more };
}

// Runs a program to its end.
export async function run(program, args, { input = '', env = {}, cwd, ms = 60_000 * patience } = {}) {
  const child = spawn(program, args, { env: environment(env), cwd });
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  let stdout = '', stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status, signal] = await once(child, 'close');
  clearTimeout(timer);
  return { status, signal, stdout, stderr };
}

export class Gateway {
  // Arguments beside `--port 0`; with none, a sandbox on free ports. `through`: a command that
  // becomes it, with its arguments.
  static async start(args = ['--sandbox'], { env = {}, port = '0', through = [] } = {}) {
    const all = [...args];
    if (port !== null) all.push('--port', port);
    if (all.includes('--sandbox') && !all.includes('--sandbox-port')) all.push('--sandbox-port', '0');
    const [program, ...rest] = [...through, streamjson, ...all];
    const gateway = new Gateway(spawn(program, rest, {
      env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] }));
    await gateway.#ready();
    return gateway;
  }

  constructor(child) {
    this.child = child;
    this.output = '';
    this.errors = '';
    child.stdout.on('data', (data) => (this.output += data));
    child.stderr.on('data', (data) => (this.errors += data));
    this.exited = new Promise((resolve) => {
      child.on('close', (status, signal) => resolve({ status, signal }));
      child.on('error', (error) => {
        this.errors += `${error.message}\n`;
        resolve({ status: 127, signal: null });
      });
    });
  }

  get text() {
    return this.output + this.errors;
  }

  async #ready() {
    let over = false;
    this.exited.then(() => (over = true));
    for (let waited = 0; waited < 30_000 * patience; waited += 20) {
      this.banner = /^streamjson \S+ on (.+?), layer (\d+) \(([^)]*)\).*$/m.exec(this.text);
      const telegram = /^Telegram: (.*)$/m.exec(this.text);
      if (this.banner && telegram) {
        this.port = Number(/:(\d+)/.exec(this.banner[1])?.[1]);
        this.layer = Number(this.banner[2]);
        this.telegram = telegram[1];
        this.dcs = ports(telegram[1]);
        return;
      }
      if (over) break;
      await pause(20);
    }
    this.child.kill('SIGKILL');
    throw new Error(`streamjson did not start:\n${this.text}`);
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    const end = await this.exited;
    return { ...end, text: this.text };
  }

  // In after(): ends it and makes sure that it ended well, which is where a sanitizer speaks.
  async close() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    const { status, signal } = await this.exited;
    if (status !== 0) throw new Error(`streamjson ended with ${status ?? signal}:\n${this.text.slice(-4000)}`);
  }
}

// "data centres 1 to 3 on 127.0.0.1:15431-15433, key …" or a list of ports → { 1: 15431, … }
function ports(text) {
  const found = /on 127\.0\.0\.1:([\d\-, ]+?)(?:, key|;|$)/.exec(text)?.[1];
  if (!found) return {};
  const range = /^(\d+)-(\d+)$/.exec(found);
  const list = range
    ? Array.from({ length: range[2] - range[1] + 1 }, (_, i) => Number(range[1]) + i)
    : found.split(/, */).map(Number);
  return Object.fromEntries(list.map((port, i) => [i + 1, port]));
}

// A sandbox in one process and a gateway in another that reaches its data centre 2 through a relay.
export async function apart(t, relay, args = ['--api-id', '12345', '--api-hash', 'abcdef']) {
  const pem = path.join(folder(t), 'key.pem');
  const sandbox = await Gateway.start(['--sandbox', '--sandbox-public-key', pem]);
  t.after(() => sandbox.close());
  await relay.listen(sandbox.dcs[2]);
  t.after(() => relay.close());
  const gateway = await Gateway.start(['--server', `127.0.0.1:${relay.port}`, '--rsa', pem, ...args]);
  t.after(() => gateway.close());
  return { sandbox, gateway, pem };
}
