// mtcute: it wants each number as its scheme says, which it carries.
import fs from 'node:fs';
import path from 'node:path';
import { Long, TelegramClient, MemoryStorage } from '@mtcute/node';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import { addPublicKey, LogManager } from '@mtcute/core/utils.js';
import { packages, withVersion } from '../support/packages.mjs';
import { NoSuchCall, Outsider, bareName, camel, snake } from './plain.mjs';

const scheme = JSON.parse(fs.readFileSync(path.join(packages, '@mtcute/core/tl/api-schema.json'), 'utf8'));
const entries = new Map(scheme.e.map((entry) => [entry.name, entry]));

function toNumber(value, type) {
  if (type === 'long') return Long.fromString(`${value}`);
  return type === 'int53' ? Number(value) : value;
}

function toTl(value, type) {
  if (Array.isArray(value)) return value.map((one) => toTl(one, type));
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return toNumber(value, type);
  const { _, ...fields } = value;
  const entry = entries.get(_);
  if (!entry) throw new NoSuchCall(_);
  const types = new Map(entry.arguments.map((one) => [one.name, one.type]));
  return { _, ...Object.fromEntries(Object.entries(fields).map(([name, one]) =>
    [camel(name), toTl(one, types.get(name) ?? types.get(camel(name)))])) };
}

function fromTl(value) {
  if (Long.isLong(value)) return BigInt(value.toString());
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(fromTl);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) =>
    (name === '_' ? [name, bareName(one)] : [snake(name), fromTl(one)])));
}

class Mtcute extends Outsider {
  #client;
  name = withVersion('@mtcute/node');
  layer = scheme.l;
  again = () => new Mtcute();

  async open(scope, sandbox, saved) {
    const provider = new NodeCryptoProvider();
    await provider.initialize?.();
    addPublicKey(provider, sandbox.publicKey);
    const dc = { id: 2, ipAddress: '127.0.0.1', port: sandbox.dcs[2] };
    this.#client = new TelegramClient({ apiId: 12345, apiHash: 'abcdef', storage: new MemoryStorage(),
      defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } }, logLevel: LogManager.OFF, crypto: provider });
    scope.after(() => this.close());
    this.#client.onRawUpdate.add(({ update }) => this.tell(fromTl(update)));
    await (saved ? this.#client.importSession(saved) : this.#client.connect());
    return this;
  }

  async signedIn() {
    const [me] = await this.#client.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    await this.#client.notifyLoggedIn(me);
    await this.#client.startUpdatesLoop();
  }

  async call(method, params = {}) {
    return fromTl(await this.#client.call(toTl({ _: method, ...params })));
  }
  async checkPassword(password) {
    const asked = await this.#client.call({ _: 'account.getPassword' });
    return fromTl(await this.#client.call({ _: 'auth.checkPassword',
      password: await this.#client.computeSrpParams(asked, password) }));
  }

  save() {
    return this.#client.exportSession();
  }
  close() {
    return this.#client.destroy();
  }
}
export const mtcute = new Mtcute();
