// Clients that stay connected: they speak as an account and hear its updates, and come again behind the
// last one that they heard.
import net from 'node:net';
import { WebSocket } from 'ws';
import { pause } from '../gateway.mjs';
import { Reader } from './book.mjs';
import { Caller, judged } from './callers.mjs';

class Talker extends Caller {
  start() {
    this.reader = new Reader(this.world.book, this.account, this.who);
    this.ids = 0;
    this.#dial();
    return super.start();
  }

  #dial() {
    if (this.world.closing) return;
    const waiting = new Map();
    this.attached = false;
    const link = this.open({
      opened: async () => {
        this.world.book.asked += 1;
        const hello = this.#request(link, waiting, { account: { name: this.account, updates_after: this.reader.last }, options: { json: 'plain' } });
        this.attached = (await this.world.book.request(this.who, await hello)).ok === true;
        if (!this.attached) link.close();
      },
      heard: (text) => this.#heard(waiting, JSON.parse(text)),
      closed: () => {
        if (this.link === link) this.attached = false;
        for (const { resolve } of waiting.values()) resolve({ told: true });
        waiting.clear();
        setTimeout(() => this.#dial(), 100 + this.world.random() * 300);
      },
    });
    Object.assign(this, { link, waiting });
  }

  #heard(waiting, object) {
    if (object.id === 0) {
      if (object.update_seq === undefined) this.world.book.fault(`${this.who} was told ${JSON.stringify(object)}`);
      else this.reader.take(object);
      return;
    }
    const { resolve } = waiting.get(object.id) ?? {};
    if (!waiting.delete(object.id)) this.world.book.fault(`${this.who}: a reply to nothing: ${JSON.stringify(object)}`);
    else resolve(judged(object));
  }

  #request(link, waiting, object) {
    const id = ++this.ids, text = JSON.stringify({ id, ...object });
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ lost: `${text} at port ${this.way}` }), this.world.late);
      waiting.set(id, { resolve: (outcome) => (clearTimeout(timer), resolve(outcome)) });
      link.send(text);
    });
  }

  async ask(what) {
    while (!this.attached) {
      if (this.world.closing) return { told: true };
      await pause(20);
    }
    return this.#request(this.link, this.waiting, { message: { _cons: 'messages.sendMessage', ...what } });
  }

  close() {
    this.link.close();
  }
}

export class Line extends Talker {
  open({ opened, heard, closed }) {
    const socket = net.connect(this.way, '127.0.0.1', opened);
    let rest = '';
    socket.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      lines.forEach(heard);
    });
    socket.on('error', () => {}).on('close', closed);
    return { send: (text) => socket.write(`${text}\n`), close: () => socket.destroy() };
  }
}

export class Socket extends Talker {
  open({ opened, heard, closed }) {
    const socket = new WebSocket(`ws://127.0.0.1:${this.way}/ws`);
    socket.on('open', opened).on('message', (data) => heard(data.toString())).on('error', () => {}).on('close', closed);
    return { send: (text) => socket.send(text, () => {}), close: () => socket.terminate() };
  }
}
