// A service manager for one test (service_manager.py), and what it hears of streamjson.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environment, folder, patience, pause, streamjson } from './gateway.mjs';

const script = fileURLToPath(new URL('service_manager.py', import.meta.url));

export class ServiceManager {
  // `sockets`: such as "port=tcp:127.0.0.1:0"; `watchdog` in microseconds. In `t.after()` all ends.
  static async start(t, { sockets = [], watchdog, args = ['--sandbox', '--sandbox-port', '0'], env = {} } = {}) {
    const options = [folder(t), ...(watchdog ? [`${watchdog}`] : []), ...sockets, '--', streamjson, ...args];
    const child = spawn('/usr/bin/python3', [script, ...options],
      { env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
    const manager = new ServiceManager(child);
    t.after(() => manager.close());
    await manager.next((event) => event.started);
    return manager;
  }

  constructor(child) {
    this.child = child;
    this.events = []; // with the time at which each came
    this.text = '';
    child.stderr.on('data', (data) => (this.text += data));
    createInterface({ input: child.stdout }).on('line', (line) =>
      this.events.push({ at: Date.now(), ...JSON.parse(line) }));
  }

  get pid() {
    return this.events.findLast((event) => event.started).started;
  }
  get ports() {
    return this.events.find((event) => event.ports).ports;
  }
  get told() {
    return this.events.filter((event) => event.notify).map((event) => event.notify);
  }

  // The first event from the `from`th on that fits.
  async next(fits, from = 0, ms = 30_000 * patience) {
    for (let waited = 0; ; waited += 10) {
      const found = this.events.slice(from).find(fits);
      if (found) return found;
      if (waited >= ms) throw new Error(`nothing came: ${JSON.stringify(this.events)}\n${this.text}`);
      await pause(10);
    }
  }
  hears(line, from = 0) {
    return this.next((event) => event.notify?.split('\n').some((one) => one.startsWith(line)), from);
  }

  say(command) {
    this.child.stdin.write(`${command}\n`);
  }
  // SIGTERM and its end: the exit status.
  async stop() {
    const from = this.events.length;
    this.say('signal SIGTERM');
    return (await this.next((event) => 'exited' in event, from)).exited;
  }

  async close() {
    const running = this.events.findLastIndex((event) => event.started) >
      this.events.findLastIndex((event) => 'exited' in event);
    const status = running ? await this.stop() : 0;
    this.child.stdin.end();
    if (this.child.exitCode === null) await once(this.child, 'exit');
    if (status !== 0) throw new Error(`streamjson ended with ${status}:\n${this.text.slice(-4000)}`);
  }
}
