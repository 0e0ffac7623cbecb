// mtcute beside a gateway with a sandbox whose key it knows.
import { addPublicKey, LogManager } from '@mtcute/core/utils.js';
import { MemoryStorage, TelegramClient } from '@mtcute/node';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import { Sandbox } from './sandbox.mjs';

export class Outside {
  // Arguments for the gateway beside those of a sandbox, and schemes for others than mtcute.
  static async start(args = [], schemes = []) {
    const outside = new Outside();
    outside.sandbox = await Sandbox.start(schemes, args);
    const provider = new NodeCryptoProvider();
    await provider.initialize?.();
    addPublicKey(provider, outside.sandbox.publicKey);
    return outside;
  }

  get gateway() {
    return this.sandbox.gateway;
  }

  close() {
    return this.sandbox?.close();
  }

  // `port`: where it finds data centre 2.
  async client(t, { port = this.gateway.dcs[2], ...options } = {}) {
    const { testMode } = options;
    const dc = (mediaOnly) => ({ id: 2, ipAddress: '127.0.0.1', port, mediaOnly, testMode });
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
