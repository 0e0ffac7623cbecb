// One hostile connection: it pours bytes as fast as they are taken, reads what comes or does not,
// and remembers which errors it was told and whether it was hung up on.
import net from 'node:net';
import tls from 'node:tls';
import { op, upgrade } from '../../e2e/support/raw_websocket.mjs';
import { frame } from './texts.mjs';

const mark = Buffer.from('"error":"');
const overlap = 40; // an error's name may be cut between two chunks

export class Attacker {
  // `mortal`: the gateway may close this one, as it says that it will (it does not read, its head
  // takes too long, it is HTTP that was refused).
  static async open(stage, { reads = true, mortal = false, ca } = {}) {
    const where = { port: stage.gateway.port, host: '127.0.0.1' };
    const socket = ca ? tls.connect({ ...where, ca, servername: 'localhost' }) : net.connect(where);
    const attacker = new Attacker(stage, socket, mortal);
    await new Promise((resolve) => socket.once(ca ? 'secureConnect' : 'connect', resolve).once('close', resolve));
    if (reads) attacker.read();
    else socket.pause();
    return attacker;
  }

  constructor(stage, socket, mortal) {
    this.stage = stage;
    this.socket = socket;
    this.mortal = mortal;
    this.errors = {};
    this.rest = Buffer.alloc(0);
    this.first = '';
    socket.on('error', () => {}).on('end', () => (this.over = true)).on('close', () => (this.over = true));
    socket.setNoDelay(true);
    stage.attackers.push(this);
  }

  read() {
    if (!this.reading) this.socket.on('data', (chunk) => this.#came(chunk));
    this.reading = true;
    this.socket.resume();
  }

  #came(chunk) {
    if (this.first.length < 2000) this.first += chunk.toString('latin1', 0, 2000);
    const all = Buffer.concat([this.rest, chunk]);
    let seen = 0;
    for (let at; (at = all.indexOf(mark, seen)) >= 0 && at + overlap <= all.length; seen = at + mark.length) {
      const name = /^\w+/.exec(all.toString('latin1', at + mark.length, at + overlap))?.[0];
      this.errors[name] = (this.errors[name] ?? 0) + 1;
    }
    this.rest = Buffer.from(all.subarray(Math.max(seen, all.length - overlap)));
  }

  get moved() {
    return this.socket.bytesWritten - this.socket.writableLength + this.socket.bytesRead;
  }

  // Writes `bytes` so many times, as fast as they are taken. It returns early where the attack is
  // over or the connection is.
  async pour(bytes, times = 1) {
    const { socket, stage } = this;
    for (let i = 0; i < times && !stage.enough && !this.over; ++i) {
      if (socket.write(bytes)) continue;
      await new Promise((resolve) => {
        const done = () => {
          socket.off('drain', done).off('close', done);
          stage.released.delete(done);
          resolve();
        };
        socket.on('drain', done).on('close', done);
        stage.released.add(done);
      });
    }
  }

  // Until something came, or for a while.
  async answered(ms = 60_000) {
    for (let waited = 0; !this.first && !this.over && !this.stage.enough && waited < ms; waited += 5) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.first;
  }

  // Becomes a WebSocket; says what the gateway said.
  async upgrade({ path = '/ws', headers = {} } = {}) {
    await this.pour(upgrade({ path, headers }));
    const said = await this.answered();
    this.webSocket = said.startsWith('HTTP/1.1 101 ');
    return said;
  }

  // Pings are not answered one by one; a sign of life is enough.
  stayAlive() {
    if (this.webSocket && !this.over) this.socket.write(frame(op.pong, ''));
  }

  close() {
    this.socket.destroy();
  }
}
