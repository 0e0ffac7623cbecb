// A sandbox that speaks the layers of outsiders, with a key that all of them can name.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Gateway, build, folder } from '../../e2e/support/gateway.mjs';

// The TL of a byte string.
function tlBytes(bytes) {
  const head = bytes.length < 254 ? [bytes.length] : [254, bytes.length & 255, bytes.length >> 8, 0];
  return Buffer.concat([Buffer.from(head), bytes, Buffer.alloc((4 - ((head.length + bytes.length) % 4)) % 4)]);
}

// mtcute and @mtproto/core look for fingerprints by their hexadecimal text without leading zeros,
// and so would not find one key in sixteen.
function keyThatAllFind() {
  for (;;) {
    const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = privateKey.export({ format: 'jwk' });
    const modulus = Buffer.from(jwk.n, 'base64url');
    const exponent = Buffer.from(jwk.e, 'base64url');
    const hash = crypto.createHash('sha1').update(tlBytes(modulus)).update(tlBytes(exponent)).digest();
    if (hash[19] < 16) continue;
    return { pem: privateKey.export({ type: 'pkcs1', format: 'pem' }), modulus, exponent,
      fingerprint: hash.readBigInt64LE(12) };
  }
}

// GramJS writes ports into its session strings as signed 16-bit numbers.
async function startBelow32768(args) {
  for (let tries = 1; ; ++tries) {
    const port = 20_000 + crypto.randomInt(3_000) * 4;
    try {
      return await Gateway.start([...args, '--sandbox-port', `${port}`]);
    } catch (error) {
      if (tries === 10 || !error.message.includes("can't listen")) throw error;
    }
  }
}

export class Sandbox {
  // `schemes` write a scheme file into a folder and give its name: layers that the build does not bring.
  static async start(schemes = [], args = [], log = 'debug') {
    const scratch = folder();
    const key = keyThatAllFind();
    fs.writeFileSync(`${scratch}/key.pem`, key.pem, { mode: 0o600 });
    const files = [path.join(build, 'scheme/api.tl'), ...schemes.map((write) => write(scratch))];
    const gateway = await startBelow32768(['--sandbox', '--sandbox-key', `${scratch}/key.pem`,
      '--sandbox-public-key', `${scratch}/public.pem`, '--log-level', log,
      ...files.flatMap((file) => ['--scheme', file]), ...args]);
    return new Sandbox(gateway, scratch, key);
  }

  constructor(gateway, scratch, key) {
    this.gateway = gateway;
    this.scratch = scratch;
    this.key = key;
    this.publicKey = fs.readFileSync(`${scratch}/public.pem`, 'utf8');
  }

  // { 1: port, 2: port, 3: port }
  get dcs() {
    return this.gateway.dcs;
  }

  // What clients spoke on their connections while `live` went on, as the sandbox heard it.
  async listen(live) {
    const from = this.gateway.text.length;
    await live();
    return [...new Set([...this.gateway.text.slice(from).matchAll(/ speaks="(.+)"/g)].map((found) => found[1]))];
  }

  // Complains of what the sandbox had to leave undone: an outsider may not notice.
  async close() {
    await this.gateway.close();
    const undone = this.gateway.text.split('\n').filter((line) => / (warning|error|critical) /.test(line));
    if (undone.length > 0) throw new Error(undone.join('\n'));
    fs.rmSync(this.scratch, { recursive: true, force: true });
  }
}

// What `when` gives within that time, or an error that says what was waited for.
export async function within(ms, what, when) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([when, late]);
  } finally {
    clearTimeout(timer);
  }
}
