// Runs the program that follows one stream of events many times over.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';
import { binary } from './servers.mjs';

export class Followers {
  events = []; // that all of them have: { id, p99_ms, last_ms }
  #child;
  #lines;

  // While `body` runs, all of them are there.
  static async with({ port }, path, count, body) {
    const followers = new Followers();
    followers.#child = spawn(binary('followers'), [`${port}`, path, `${count}`], { stdio: ['pipe', 'pipe', 'inherit'] });
    followers.#lines = readline.createInterface({ input: followers.#child.stdout })[Symbol.asyncIterator]();
    const ended = once(followers.#child, 'exit');
    try {
      await followers.#next();
      return await body(followers);
    } finally {
      followers.#child.stdin.end();
      await ended;
    }
  }

  async #next() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('followers ended early');
    return JSON.parse(value);
  }

  // Until so many came.
  async heard(count) {
    while (this.events.length < count) this.events.push(await this.#next());
  }
}
