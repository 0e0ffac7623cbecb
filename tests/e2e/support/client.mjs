// A client of the JSON lines: what a script in any language would be.
import net from 'node:net';
import tls from 'node:tls';
import { parse, stringify } from './json.mjs';
import { patience } from './gateway.mjs';

export class Client {
  // `where` is a port, { port, host } or { path } of a Unix socket.
  // With `secure`: options of tls.connect.
  static connect(where, { secure } = {}) {
    const address = typeof where === 'object' ? where : { port: where, host: '127.0.0.1' };
    return new Promise((resolve, reject) => {
      const socket = secure
        ? tls.connect({ ...address, servername: 'localhost', ...secure, allowHalfOpen: true })
        : net.connect({ ...address, allowHalfOpen: true });
      socket.once('error', reject);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject);
        resolve(new Client(socket));
      });
    });
  }

  constructor(socket) {
    this.socket = socket;
    this.received = []; // { text, value } that nobody asked for yet
    this.waiting = [];
    this.bytes = 0;
    this.lastId = 0;
    let rest = [];
    socket.on('data', (chunk) => {
      this.bytes += chunk.length;
      for (let end; (end = chunk.indexOf(10)) >= 0; chunk = chunk.subarray(end + 1)) {
        const text = Buffer.concat([...rest, chunk.subarray(0, end)]).toString();
        rest = [];
        this.#arrived({ text, value: parse(text) });
      }
      if (chunk.length) rest.push(chunk);
    });
    this.ended = new Promise((resolve) => {
      socket.on('end', resolve);
      socket.on('close', resolve);
      socket.on('error', () => {});
    });
    this.ended.then(() => this.#ended());
  }

  #arrived(line) {
    const index = this.waiting.findIndex((w) => w.wanted(line.value, line.text));
    if (index < 0) this.received.push(line);
    else this.waiting.splice(index, 1)[0].resolve(line);
  }

  #ended() {
    this.over = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Error('the gateway hung up'));
  }

  // A string goes out as it is, an object as a line.
  send(what) {
    const bytes = typeof what === 'string' || Buffer.isBuffer(what) ? what : `${stringify(what)}\n`;
    this.socket.write(bytes);
  }

  // The first line, received already or to come, for which wanted(value, text) is true.
  line(wanted, what = 'a line', ms = 15_000 * patience) {
    const index = this.received.findIndex(({ value, text }) => wanted(value, text));
    if (index >= 0) return Promise.resolve(this.received.splice(index, 1)[0]);
    if (this.over) return Promise.reject(new Error(`no ${what}: the gateway hung up`));
    return new Promise((resolve, reject) => {
      const entry = { wanted };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        const seen = this.received.map(({ text }) => text.slice(0, 300)).join('\n');
        reject(new Error(`no ${what} in ${ms} ms; received meanwhile:\n${seen}`));
      }, ms);
      entry.resolve = (line) => (clearTimeout(timer), resolve(line));
      entry.reject = (error) => (clearTimeout(timer), reject(error));
      this.waiting.push(entry);
    });
  }

  async next(wanted, what, ms) {
    return (await this.line(wanted, what, ms)).value;
  }

  // Sends a request under a fresh id, unless it has one, and gives the reply.
  async request(request, ms) {
    const id = request.id ?? ++this.lastId + 1000;
    this.send({ id, ...request });
    return this.next((reply) => reply.id === id, `reply to ${stringify(request).slice(0, 300)}`, ms);
  }

  // The answer to a message.
  async call(message, more = {}) {
    const reply = await this.request({ ...more, message });
    if (reply.error) throw new Error(`${reply.error}: ${reply.msg}`);
    return reply.message;
  }

  // A text as it stands, and the first line that comes back.
  async raw(text, what = 'reply') {
    const reply = this.next((value) => value.id !== 0, what);
    this.send(text);
    return reply;
  }

  update(wanted, what = 'update', ms) {
    return this.next((value, text) => value.id === 0 && wanted(value.message ?? value, text), what, ms);
  }

  // The message text of an update that tells of a new message.
  newMessage(text, ms) {
    return this.update((u) => messageOf(u)?.message === text, `update with "${text}"`, ms);
  }

  async signIn(phone, { password, first_name, last_name = '' } = {}) {
    let reply = await this.request({ signin: { phone } });
    const step = async (signin) => {
      reply = await this.request({ signin });
    };
    const code = String(phone).replace('+', '')[5].repeat(5);
    if (reply.signin?.state === 'code') await step({ code });
    if (reply.signin?.state === 'sign_up') await step({ first_name, last_name });
    if (reply.signin?.state === 'password') await step({ password });
    if (reply.signin?.state !== 'done' || reply.signin.error) {
      throw new Error(`could not sign in: ${stringify(reply)}`);
    }
    return reply;
  }

  close() {
    this.socket.destroy();
  }
}

// The new message in an update of any of its shapes.
export function messageOf(update) {
  const each = update.updates ?? (update.update ? [update.update] : []);
  for (const u of each) if (/^updateNew(Channel)?Message$/.test(u._cons)) return u.message;
  return /^updateShort(Chat)?Message$/.test(update._cons) ? update : undefined;
}
