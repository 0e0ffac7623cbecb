// A wire between gateway and data centre that a test can cut, hold or listen to.
import net from 'node:net';

// `crumbs`: bytes go on in pieces of one to seven, each in its own time.
export class Relay {
  constructor({ crumbs = false } = {}) {
    this.crumbs = crumbs;
    this.links = new Set();
    this.sent = []; // the bytes of each link towards the data centre, for the wiretap
    this.holding = false;
    this.refusing = false;
  }

  async listen(target) {
    this.target = target;
    this.server = net.createServer((from) => {
      if (this.refusing) return from.destroy();
      const to = net.connect({ port: this.target, host: '127.0.0.1' });
      const link = { from, to, up: [], held: [] };
      const up = this.#way(to), down = this.#way(from);
      this.links.add(link);
      this.sent.push(link.up);
      from.on('data', (data) => {
        link.up.push(data);
        up(data);
      });
      to.on('data', (data) => (this.holding ? link.held.push(data) : down(data)));
      for (const [one, other] of [[from, to], [to, from]]) {
        one.on('error', () => {});
        one.on('close', () => {
          other.destroy();
          this.links.delete(link);
        });
      }
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  #way(socket) {
    if (!this.crumbs) return (data) => socket.write(data);
    socket.setNoDelay(true);
    let before = Promise.resolve();
    return (data) => {
      before = before.then(async () => {
        for (let at = 0; at < data.length && !socket.destroyed;) {
          const size = 1 + Math.floor(Math.random() * 7);
          socket.write(data.subarray(at, at + size));
          at += size;
          await new Promise(setImmediate);
        }
      });
    };
  }

  // What the data centre says from now on stays here.
  hold() {
    this.holding = true;
  }

  release() {
    this.holding = false;
    for (const { from, held } of this.links) for (const data of held.splice(0)) from.write(data);
  }

  cut() {
    for (const { from, to } of this.links) {
      from.destroy();
      to.destroy();
    }
  }

  close() {
    this.cut();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
