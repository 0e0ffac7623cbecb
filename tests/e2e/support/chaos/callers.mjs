// Who makes an account say things, each text once: repeated under the same number until it is known to
// have been said.
import crypto from 'node:crypto';
import { pause } from '../gateway.mjs';

const duplicate = 'RANDOM_ID_DUPLICATE'; // it was said before

// Of a reply to a line, or a POST to /json.
export function judged(reply) {
  const text = JSON.stringify(reply), { error, message } = reply;
  if (error) return { refused: error, text };
  if (message?._cons === 'rpc_timeout') return { refused: 'rpc_timeout' };
  if (message?._cons !== 'rpc_error' || message.error_message === duplicate) return { ok: true };
  return { refused: message.error_message, text };
}

// And one below /api/v1.
export function judgedCall(reply) {
  const { ok, error, description } = reply;
  return ok || description === duplicate ? { ok: true } : { refused: error ?? description, text: JSON.stringify(reply) };
}

// {text}, or why there is none.
export async function ask(world, port, target, options = {}) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${target}`, { ...options, signal: AbortSignal.timeout(world.late) });
    return { text: await response.text() };
  } catch (error) {
    return error.name === 'TimeoutError' ? { lost: `${options.method ?? 'GET'} ${target} at port ${port}` } : { told: true };
  }
}

export class Caller {
  constructor(world, account, number) {
    Object.assign(this, { world, account, who: `${this.constructor.name} ${number}`, way: world.way() });
  }

  start() {
    this.talked = this.#talk();
    return this;
  }

  async #talk() {
    const { world } = this;
    for (let n = 0; ; n += 1) {
      await pause(world.random() * 2 * world.mean);
      if (world.over) return;
      await this.say(`${this.account} ${this.who} ${n}`);
    }
  }

  // Until it is said, or it is too late for all.
  async say(text) {
    const { book } = this.world, { said } = book.account(this.account);
    const what = { peer: 'me', message: text, random_id: `${crypto.randomBytes(8).readBigInt64BE()}` };
    said.set(text, false);
    while (!this.world.closing) {
      book.asked += 1;
      const { ok } = book.request(this.who, await this.ask(what));
      if (ok) return said.set(text, true);
      await pause(100 + this.world.random() * 300);
    }
    return undefined;
  }
}

export class Post extends Caller {
  async ask(what) {
    const body = JSON.stringify({ id: 1, account: this.account, message: { _cons: 'messages.sendMessage', ...what } });
    const { text, ...none } = await ask(this.world, this.way, '/json', { method: 'POST', body });
    if (text === undefined) return none;
    const replies = text.split('\n').filter(Boolean);
    if (replies.length !== 1) this.world.book.fault(`${this.who}: ${replies.length} replies: ${text}`);
    return replies.length ? judged(JSON.parse(replies[0])) : { told: true };
  }
}

// By path, with a key of its own or by the message's number.
export class Call extends Caller {
  async ask({ random_id: number, ...what }) {
    const keyed = BigInt(number) % 2n === 0n;
    const { text, ...none } = await ask(this.world, this.way, `/api/v1/${this.account}/messages.sendMessage`, { method: 'POST',
      body: JSON.stringify(keyed ? what : { ...what, random_id: number }), headers: keyed ? { 'idempotency-key': number } : {} });
    return text === undefined ? none : judgedCall(JSON.parse(text));
  }
}
