// What all libraries are made to look like: calls by their name in the scheme, values as plain objects.
//
// A value is { _: 'inputPeerUser', user_id: … }: names as in the scheme, those of results without what stands
// before the dot; a number of 64 bits is a BigInt, a number or its digits, whichever the library likes; bytes
// are a Buffer.
import { patience } from '../../e2e/support/gateway.mjs';

export class NoSuchCall extends Error {}

export const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
export const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// "auth.SentCode" → "sentCode"
export function bareName(name) {
  const last = name.slice(name.lastIndexOf('.') + 1);
  return last[0].toLowerCase() + last.slice(1);
}

export const textOf = (value) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one));

// Every object within, itself too.
export function* objectsIn(value) {
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return;
  if (value._) yield value;
  for (const one of Object.values(value)) yield* objectsIn(one);
}
export const find = (value, name) => [...objectsIn(value)].find((one) => one._ === name);

// A library with a session. The libraries give: layer, call(method, params), checkPassword(password), save(), close().
export class Outsider {
  #heard = [];
  #waiting = [];

  // Libraries with a life of their own around a sign-in learn of it here.
  async signedIn() {}

  tell(update) {
    this.#heard.push(update);
    for (const look of this.#waiting) look();
  }

  // The first object in an update, heard already or to come, for which `wanted` holds.
  async hear(what, wanted, ms = 5_000 * patience) {
    const found = () => this.#heard.flatMap((update) => [...objectsIn(update)]).find(wanted);
    if (!found()) {
      await new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`heard no ${what}`)), ms);
        this.#waiting.push(() => {
          if (!found()) return;
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return found();
  }
}
