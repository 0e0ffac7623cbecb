// An outsider comes to the sandbox by its MTProxy: mtcute, whose own half of the obfuscation and of
// the feigned TLS is all that the sandbox's half is held against.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { MemoryStorage, MtProxyTcpTransport, TelegramClient } from '@mtcute/node';
import { addPublicKey, LogManager } from '@mtcute/core/utils.js';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import { Gateway, folder } from '../e2e/support/gateway.mjs';

const key = '00112233445566778899aabbccddeeff';
const secrets = { plain: key, dd: `dd${key}`, ee: `ee${key}${Buffer.from('example.org').toString('hex')}` };
const scratch = folder();
const provider = new NodeCryptoProvider();

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

before(async () => {
  fs.writeFileSync(`${scratch}/key.pem`, keyThatMtcuteFinds(), { mode: 0o600 });
  await provider.initialize?.();
});
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

for (const [kind, secret] of Object.entries(secrets)) {
  test(`signs in by an MTProxy with a ${kind} secret`, { timeout: 120_000 }, async (t) => {
    const gateway = await Gateway.start(['--sandbox', '--sandbox-key', `${scratch}/key.pem`,
      '--sandbox-public-key', `${scratch}/public.pem`, '--sandbox-mtproxy', secret]);
    t.after(() => gateway.close());
    addPublicKey(provider, fs.readFileSync(`${scratch}/public.pem`, 'utf8'));
    const port = Number(/&port=(\d+)&/.exec(gateway.output)[1]);
    // Nobody listens at the addresses: the proxy alone knows where the data centres are.
    const dc = (mediaOnly) => ({ id: 2, ipAddress: '127.0.0.1', port: 9, mediaOnly });
    const client = new TelegramClient({
      apiId: 12345, apiHash: 'abcdef', storage: new MemoryStorage(),
      defaultDcs: { main: dc(false), media: dc(true) },
      transport: new MtProxyTcpTransport({ host: '127.0.0.1', port, secret }),
      logLevel: process.env.MTCUTE_LOG ? LogManager.VERBOSE : LogManager.ERROR,
    });
    t.after(() => client.destroy());
    const user = await client.start({ phone: '9996620001', code: '22222', codeSentCallback: () => {} });
    assert.equal(user.firstName, 'Ada');
    const sent = await client.sendText('me', `by ${kind}`);
    assert.equal(sent.text, `by ${kind}`);
  });
}
