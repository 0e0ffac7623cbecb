// Telethon (Debian: python3-telethon), in a process of its own: telethon_calls.py.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { telethon as scheme, telethonLayer } from '../support/schemes.mjs';
import { NoSuchCall, Outsider } from './plain.mjs';

const script = fileURLToPath(new URL('telethon_calls.py', import.meta.url));

// Bytes and long numbers have no place in JSON.
function toJson(value) {
  if (typeof value === 'bigint') return { $int: `${value}` };
  if (Buffer.isBuffer(value)) return { $bytes: value.toString('base64') };
  if (Array.isArray(value)) return value.map(toJson);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJson(one)]));
}
function revive(_, value) {
  if (value?.$int !== undefined) return BigInt(value.$int);
  return value?.$bytes === undefined ? value : Buffer.from(value.$bytes, 'base64');
}

class Telethon extends Outsider {
  #child;
  #asked = new Map();
  #last = 0;
  schemes = [(folder) => scheme(folder).file];
  again = () => Object.assign(new Telethon(), { name: this.name, layer: this.layer });

  // Where it isn't installed there is nothing to see.
  static find() {
    const found = new Telethon();
    try {
      found.layer = telethonLayer();
    } catch {
      return [];
    }
    found.name = 'Telethon';
    return [found];
  }

  async open(scope, sandbox, saved) {
    this.#child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'pipe'] });
    scope.after(() => this.#child.kill('SIGKILL'));
    let errors = '';
    this.#child.stderr.on('data', (data) => (errors += data));
    this.#child.stdin.on('error', () => {});
    this.#child.on('close', () => {
      for (const { reject } of this.#asked.values()) reject(new Error(`Telethon ended: ${errors.slice(-300)}`));
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#said(JSON.parse(line, revive)));
    const { version } = await this.#ask({ port: sandbox.dcs[2], key: `${sandbox.scratch}/public.pem`, session: saved });
    this.name = `Telethon ${version}`;
    return this;
  }

  #said({ id, result, error, missing, update }) {
    if (update) return this.tell(update);
    const { resolve, reject } = this.#asked.get(id);
    this.#asked.delete(id);
    if (missing) reject(new NoSuchCall(missing));
    else if (error) reject(new Error(error));
    else resolve(result);
  }

  #ask(what) {
    const id = ++this.#last;
    this.#child.stdin.write(`${JSON.stringify(toJson({ id, ...what }))}\n`);
    return new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
  }

  call(method, params = {}) {
    return this.#ask({ method, params });
  }
  checkPassword(password) {
    return this.#ask({ password });
  }
  save() {
    return this.#ask({ save: true });
  }
  async close() {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await new Promise((resolve) => this.#child.on('close', resolve));
  }
}
export const telethons = Telethon.find();
