// Who only hears an account's updates: streams of events, long polls, webhooks.
import { once } from 'node:events';
import http from 'node:http';
import { EventSource } from 'eventsource';
import { pause } from '../gateway.mjs';
import { Reader } from './book.mjs';
import { ask, judgedCall } from './callers.mjs';

export class Events {
  constructor(world, account, number) {
    Object.assign(this, { world, account, reader: new Reader(world.book, account, `Events ${number}`), way: world.way() });
  }

  // It comes again by itself, with Last-Event-ID.
  start() {
    const { book } = this.world, { reader } = this;
    this.source = new EventSource(`http://127.0.0.1:${this.way}/api/v1/${this.account}/events?after=0`);
    this.source.addEventListener('update', ({ lastEventId: id, data }) => {
      const item = JSON.parse(data);
      if (Number(id) !== Number(item.update_seq)) book.fault(`${reader.who}: id ${id} of ${data}`);
      reader.take(item);
    });
    this.source.addEventListener('away', ({ data }) => book.told(JSON.parse(data).error));
    this.source.addEventListener('gone', ({ data }) => book.fault(`${reader.who}: gone ${data}`));
    this.source.addEventListener('error', ({ code, message }) => {
      if (this.source.readyState === EventSource.CLOSED) book.fault(`${reader.who}: ended for good: ${code} ${message}`);
    });
    return this;
  }

  close() {
    this.source.close();
  }
}

export class Poll {
  constructor(world, account, number) {
    Object.assign(this, { world, account, reader: new Reader(world.book, account, `Poll ${number}`), way: world.way() });
  }

  start() {
    this.talked = this.#poll();
    return this;
  }

  async #poll() {
    const { world, reader } = this, { book } = world;
    while (!world.over) {
      book.asked += 1;
      const { text, ...none } = await ask(world, this.way, `/api/v1/${this.account}/updates?after=${reader.last}&limit=100&timeout=20`);
      const reply = text === undefined ? {} : JSON.parse(text);
      const { ok } = book.request(reader.who, text === undefined ? none : judgedCall(reply));
      for (const item of ok ? reply.result : []) reader.take(item);
      if (!ok) await pause(100 + world.random() * 300);
    }
  }

  // What is still behind: called as long as something is.
  async catchUp() {
    const { text } = await ask(this.world, this.way, `/api/v1/${this.account}/updates?after=${this.reader.last}&limit=1000`);
    const reply = text === undefined ? {} : JSON.parse(text);
    for (const item of reply.result ?? []) this.reader.take(item);
  }
}

// One server for all webhooks, which finds the account in the path.
export async function receiver(t, book) {
  const readers = new Map();
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const { account, updates, ...more } = JSON.parse(Buffer.concat(pieces).toString());
    if (more.error) book.fault(`webhook of ${account}: ${JSON.stringify(more)}`);
    updates.forEach((item) => readers.get(account).take(item));
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  // From the number on that it had everything up to.
  const put = (account, delivered) => {
    const reader = new Reader(book, account, 'webhook', { twice: true });
    reader.last = Number(delivered);
    readers.set(account, reader);
    return reader;
  };
  return { url: `http://127.0.0.1:${server.address().port}/hook`, put, readers };
}
