// @mtproto/core, which is raw calls and little else.
import { createRequire } from 'node:module';
import { mtprotoCoreClient } from '../support/mtproto_core.mjs';
import { withVersion } from '../support/packages.mjs';
import { mtprotoCore as scheme, mtprotoCoreLayer } from '../support/schemes.mjs';
import { NoSuchCall, Outsider, bareName } from './plain.mjs';

const builders = createRequire(import.meta.url)('@mtproto/core/src/tl/builder');

function from(value) {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(from);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) =>
    [name, name === '_' ? bareName(one) : from(one)]));
}

class MtprotoCore extends Outsider {
  #client;
  #saved;
  name = withVersion('@mtproto/core');
  layer = mtprotoCoreLayer;
  schemes = [scheme];
  again = () => new MtprotoCore();

  async open(scope, sandbox, saved = new Map()) {
    this.#saved = saved;
    this.#client = mtprotoCoreClient(scope, sandbox, { instance: saved });
    for (const kind of ['updates', 'updatesCombined', 'updateShort', 'updateShortMessage', 'updateShortChatMessage']) {
      this.#client.updates.on(kind, (update) => this.tell(from(update)));
    }
    return this;
  }

  // Left to itself it takes a new authorization to all data centres at once.
  async call(method, params = {}) {
    if (!builders[method]) throw new NoSuchCall(method);
    try {
      return from(await this.#client.call(method, params, { syncAuth: false }));
    } catch (error) {
      throw error.error_message ? new Error(error.error_message) : error;
    }
  }
  async checkPassword(password) {
    const { srp_id, current_algo: { g, p, salt1, salt2 }, srp_B: gB } = await this.#client.call('account.getPassword');
    const { A, M1 } = await this.#client.crypto.getSRPParams({ g, p, salt1, salt2, gB, password });
    return this.call('auth.checkPassword', { password: { _: 'inputCheckPasswordSRP', srp_id, A, M1 } });
  }

  save() {
    return this.#saved;
  }
  close() {
    this.#client.hangUp();
  }
}
export const mtprotoCore = new MtprotoCore();
