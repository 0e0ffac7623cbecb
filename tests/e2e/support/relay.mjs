// A wire between gateway and data centre that a test can cut, hold or listen to.
import net from 'node:net';

export class Relay {
  constructor() {
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
      this.links.add(link);
      this.sent.push(link.up);
      from.on('data', (data) => {
        link.up.push(data);
        to.write(data);
      });
      to.on('data', (data) => (this.holding ? link.held.push(data) : from.write(data)));
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
