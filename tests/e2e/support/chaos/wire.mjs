// A wire between two parts that a test can cut, or hold: what is held is not lost but late, as behind a
// network that was away for a while.
import { once } from 'node:events';
import net from 'node:net';

export class Wire {
  // `to`: options of net.connect. `tap(link)`: who hears what goes there, {heard(bytes), over()}.
  constructor(to, tap) {
    Object.assign(this, { to, tap, links: new Set(), held: false, refusing: false });
  }

  // `where`: options of listen; a port, if there is none.
  async listen(where = { port: 0, host: '127.0.0.1' }) {
    this.server = net.createServer({ pauseOnConnect: true }, (from) => this.#joined(from));
    this.server.listen(where);
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }

  #joined(from) {
    if (this.refusing) return from.destroy();
    const to = net.connect(this.to), link = [from, to];
    const ear = this.tap?.();
    to.pause();
    from.on('data', (data) => {
      ear?.heard(data);
      to.write(data);
    });
    to.on('data', (data) => from.write(data));
    for (const [one, other] of [link, [to, from]]) {
      one.on('end', () => other.end());
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.links.delete(link);
        other.destroySoon();
      });
    }
    from.on('close', () => ear?.over());
    this.links.add(link);
    if (!this.held) for (const end of link) end.resume();
  }

  hold() {
    this.held = true;
    for (const link of this.links) for (const end of link) end.pause();
  }

  // Of the links that there are, what is said on the way back.
  holdBack() {
    for (const [, to] of this.links) to.pause();
  }

  release() {
    this.held = false;
    this.refusing = false;
    for (const link of this.links) for (const end of link) end.resume();
  }

  // Until it is released nobody comes through.
  cut() {
    this.refusing = true;
    for (const link of this.links) for (const end of link) end.destroy();
  }

  close() {
    this.cut();
    this.server.close();
  }
}

// Several that go away together.
export class Cable {
  constructor(wires) {
    for (const what of ['hold', 'release', 'cut', 'close']) this[what] = () => wires.forEach((wire) => wire[what]());
  }
}
