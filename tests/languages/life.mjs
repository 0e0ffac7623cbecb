// One life of one program, judged from outside: not by what it says, but by what Telegram has afterwards.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '../e2e/support/client.mjs';
import { Gateway, folder, run } from '../e2e/support/gateway.mjs';

export const programs = fileURLToPath(new URL('programs/', import.meta.url));

export class Lives {
  static async begin() {
    const lives = new Lives();
    lives.gateway = await Gateway.start();
    lives.reader = await Client.connect(lives.gateway.port);
    await lives.reader.signIn('9996620001');
    lives.folder = folder();
    return lives;
  }

  async end() {
    this.reader.close();
    fs.rmSync(this.folder, { recursive: true });
    await this.gateway.close();
  }

  // The command that starts the program, compiled where it has to be.
  async prepare({ name, run: command, build }) {
    if (!build) return command;
    const to = path.join(this.folder, name.replace(/\W/g, '_'));
    const [compiler, ...args] = build(to);
    // For compilers that keep what they made before.
    const env = { GOCACHE: this.folder, GOFLAGS: '-mod=mod', GO111MODULE: 'off', CRYSTAL_CACHE_DIR: this.folder };
    if (name.startsWith('OCaml')) return this.#compileCopy(compiler, args, to);
    const { status, stderr, stdout } = await run(compiler, args, { cwd: programs, env, ms: 240_000 });
    if (status !== 0) throw new Error(`${name}: ${stderr}${stdout}`);
    return [to];
  }

  // OCaml's leaves its files beside the source.
  async #compileCopy(compiler, args, to) {
    const source = args.at(-1);
    fs.copyFileSync(path.join(programs, source), path.join(this.folder, source));
    const { status, stderr } = await run(compiler, args, { cwd: this.folder, ms: 240_000 });
    if (status !== 0) throw new Error(stderr);
    return [to];
  }

  // 'written'; 'hint': Telegram refused the peer, and the reply says why; 'refused': the gateway said that digits are
  // lost, and what helps; or what went wrong otherwise.
  async live(command, notation, text = `hello ${Math.random()}`) {
    const [program, ...args] = command;
    const { stdout, stderr, status, signal } = await run(program,
      [...args, '127.0.0.1', `${this.gateway.port}`, notation, text], { cwd: programs, ms: 30_000 });
    if ((await this.#latest()).includes(text)) return 'written';
    if (/PEER_ID_INVALID|USER_ID_INVALID/.test(stdout) && /hint/.test(stdout)) return 'hint';
    if (/lost digits on its way/.test(stdout)) return 'refused';
    const said = (stderr.trim() || stdout.trim()).split('\n').filter((line) => line.trim());
    return `failed (${status ?? signal}): ${(said.find((line) => /error|exception|invalid|json/i.test(line)) ?? said[0] ?? '').slice(0, 160)}`;
  }

  async #latest() {
    const history = await this.reader.call({ _cons: 'messages.getHistory', peer: '@echobot', limit: 6 });
    return history.messages.map(({ message }) => message);
  }
}
