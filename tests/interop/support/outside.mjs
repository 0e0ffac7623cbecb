// mtcute beside a gateway with a sandbox whose key it knows.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemoryStorage, TelegramClient } from '@mtcute/node';
import { addPublicKey, LogManager } from '@mtcute/core/utils.js';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import { Gateway, build, folder, top } from '../../e2e/support/gateway.mjs';

const interop = fileURLToPath(new URL('..', import.meta.url));

// mtcute looks for fingerprints by their hexadecimal text without leading zeros, and so would not
// find one key in sixteen.
function keyThatMtcuteFinds() {
  for (;;) {
    const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n, e } = privateKey.export({ format: 'jwk' });
    const tlBytes = (text) => {
      const bytes = Buffer.from(text, 'base64url');
      const head = bytes.length < 254 ? [bytes.length] : [254, bytes.length & 255, bytes.length >> 8, 0];
      return Buffer.concat([Buffer.from(head), bytes, Buffer.alloc((4 - ((head.length + bytes.length) % 4)) % 4)]);
    };
    const hash = crypto.createHash('sha1').update(tlBytes(n)).update(tlBytes(e)).digest();
    if (hash[19] >= 16) return privateKey.export({ type: 'pkcs1', format: 'pem' });
  }
}

export class Outside {
  static async start(args = []) {
    const outside = new Outside();
    const scratch = outside.scratch = folder();
    const core = path.join(interop, 'node_modules/@mtcute/core');
    execFileSync('node', [path.join(top, 'scheme/make_api_tl.mjs'), core, scratch]);
    assert.match(fs.readFileSync(`${scratch}/api.tl`, 'utf8'), /^\/\/ LAYER 227$/m);
    fs.writeFileSync(`${scratch}/key.pem`, keyThatMtcuteFinds(), { mode: 0o600 });
    outside.gateway = await Gateway.start(['--sandbox', '--sandbox-key', `${scratch}/key.pem`,
      '--sandbox-public-key', `${scratch}/public.pem`,
      '--scheme', path.join(build, 'scheme/api.tl'), '--scheme', `${scratch}/api.tl`, ...args]);
    const provider = new NodeCryptoProvider();
    await provider.initialize?.();
    addPublicKey(provider, fs.readFileSync(`${scratch}/public.pem`, 'utf8'));
    return outside;
  }

  async close() {
    await this.gateway?.close();
    fs.rmSync(this.scratch, { recursive: true, force: true });
  }

  // `port`: where it finds data centre 2.
  async client(t, { port = this.gateway.dcs[2], ...options } = {}) {
    const dc = (mediaOnly) => ({ id: 2, ipAddress: '127.0.0.1', port, mediaOnly });
    const client = new TelegramClient({
      apiId: 12345, apiHash: 'abcdef', storage: new MemoryStorage(),
      defaultDcs: { main: dc(false), media: dc(true) },
      logLevel: process.env.MTCUTE_LOG ? LogManager.VERBOSE : LogManager.ERROR, ...options,
    });
    t.after(() => client.destroy());
    return client;
  }
}

// The first value that an emitter of mtcute gives for which `wanted` holds.
export const first = (emitter, wanted, what, ms = 20_000) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`no ${what} in ${ms} ms`)), ms);
  emitter.add((value) => {
    if (!wanted(value)) return;
    clearTimeout(timer);
    resolve(value);
  });
});
