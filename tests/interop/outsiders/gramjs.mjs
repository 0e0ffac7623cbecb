// GramJS and teleproto, which came of it.
import { createRequire } from 'node:module';
import { addKey, dialling } from '../support/gramjs.mjs';
import { withVersion } from '../support/packages.mjs';
import { NoSuchCall, Outsider, bareName, camel, snake } from './plain.mjs';

const require = createRequire(import.meta.url);
const bigInt = require('big-integer');

function fromApi(value) {
  if (bigInt.isInstance(value)) return BigInt(value.toString());
  if (Array.isArray(value)) return value.map(fromApi);
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  const fields = Object.entries(value.originalArgs ?? {}).map(([name, one]) => [snake(name), fromApi(one)]);
  return { _: bareName(value.className ?? '?'), ...Object.fromEntries(fields) };
}

class GramjsKind extends Outsider {
  #library;
  #client;

  constructor(name, shown) {
    super();
    this.#library = (part) => require(`${name}${part}`);
    this.name = withVersion(name, shown);
    this.layer = this.#library('/tl/AllTLObjects').LAYER;
    this.again = () => new GramjsKind(name, shown);
    this.addKey = (key) => addKey(key, name);
  }

  async open(scope, sandbox, saved = '') {
    this.addKey(sandbox.key);
    const { TelegramClient } = this.#library('');
    const { StringSession } = this.#library('/sessions');
    const { LogLevel, Logger } = this.#library('/extensions/Logger');
    const { ConnectionTCPFull } = this.#library('/network/connection');
    const session = new StringSession(saved);
    if (!saved) session.setDC(2, '127.0.0.1', sandbox.dcs[2]);
    this.#client = new TelegramClient(session, 12345, 'abcdef', { connection: dialling(sandbox, ConnectionTCPFull),
      connectionRetries: 2, baseLogger: new Logger(process.env.GRAMJS_LOG ?? LogLevel.NONE) });
    scope.after(() => this.close());
    await this.#client.connect();
    return this;
  }

  // Not before: with a handler it asks who it is by itself, and drops whatever comes in one container behind
  // the refusal.
  async signedIn() {
    const { Raw } = this.#library('/events');
    this.#client.addEventHandler((update) => this.tell(fromApi(update)), new Raw({}));
  }

  #toApi(value) {
    if (Array.isArray(value)) return value.map((one) => this.#toApi(one));
    if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) {
      return typeof value === 'bigint' ? bigInt(value.toString()) : value;
    }
    const { _, ...fields } = value;
    return new (this.#class(_))(this.#fields(fields));
  }
  #fields(fields) {
    return Object.fromEntries(Object.entries(fields).map(([name, one]) => [camel(name), this.#toApi(one)]));
  }
  #class(name) {
    const [last, ...before] = name.split('.').reverse();
    const { Api } = this.#library('');
    const found = (before[0] ? Api[before[0]] : Api)?.[last[0].toUpperCase() + last.slice(1)];
    if (!found) throw new NoSuchCall(name);
    return found;
  }

  async call(method, params = {}) {
    return fromApi(await this.#client.invoke(new (this.#class(method))(this.#fields(params))));
  }

  async checkPassword(password) {
    const { Api } = this.#library('');
    const { computeCheck } = this.#library('/Password');
    const asked = await this.#client.invoke(new Api.account.GetPassword());
    const check = await computeCheck(asked, password);
    return fromApi(await this.#client.invoke(new Api.auth.CheckPassword({ password: check })));
  }

  save() {
    return this.#client.session.save();
  }
  close() {
    return this.#client.destroy();
  }
}

export const gramjs = new GramjsKind('telegram', 'GramJS');
export const teleproto = new GramjsKind('teleproto', 'teleproto');
